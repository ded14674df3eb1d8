/** An answer of the wire in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { isFields, listOf } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { secondsOf } from "../TimeText.ts"
import * as CallIds from "./CallIds.ts"
import * as FinishReason from "./FinishReason.ts"
import * as Logprobs from "./Logprobs.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, whereAny } from "./ProtoNames.ts"
import type { Origin } from "./RaisePart.ts"
import * as RaisePart from "./RaisePart.ts"
import * as SealedBehind from "./SealedBehind.ts"
import { GenerateContentResponse } from "./Wire.ts"
import * as WireUsage from "./WireUsage.ts"

const decode = Schema.decodeUnknownResult(GenerateContentResponse)

/** The first answer of several. */
export const firstCandidate = (body: unknown): Fields | undefined => {
  const candidates = listOf(isFields(body) ? body["candidates"] : undefined).filter(isFields)
  return candidates.find(({ index }) => index === 0) ?? candidates[0]
}

/** What tells an answer from others. */
const identityOf = (body: Fields, part: unknown): string => {
  const given = body["responseId"] ?? body["createTime"]
  return Predicate.isString(given) && given !== "" ? given : JSON.stringify(part)
}

/** Gives the blocks of an answer, part by part: calls without an id get one. */
export const blocksOf = (origin: Origin) => {
  let calls = 0
  return (part: unknown, body: Fields): ContentBlock | undefined => {
    const block = RaisePart.raise(part, origin)
    if (block?.type !== "tool_call") return block
    const number = calls++
    if (block["id"] !== "") return block
    return { ...block, id: CallIds.ofAnswer(CallIds.placeOfAnswer(identityOf(body, part)), number) } as ContentBlock
  }
}

/** What an answer says of itself; of a stream, with its first frame. */
export const metadataOf = ({ createTime, modelVersion, responseId }: Fields): Fields => {
  const created = secondsOf(createTime)
  return {
    ...(Predicate.isString(responseId) ? { id: responseId } : {}),
    ...(Predicate.isString(modelVersion) ? { model: modelVersion } : {}),
    ...(created === undefined ? {} : { created })
  }
}

const translated = ["candidates", "usageMetadata", "modelVersion", "responseId"] as const

const optionsIn = (body: Fields, candidate: Fields, calls: boolean): Fields => {
  const { content, finishReason, ...rest } = candidate
  const { parts: _, role, ...ofContent } = fieldsOf(content)
  const others = listOf(body["candidates"]).filter((each) => isFields(each) && each !== candidate) as ReadonlyArray<
    Fields
  >
  const { modelVersion, responseId } = body
  return {
    ...Struct.omit(body, translated) as Fields,
    // Of another type, or null: as it came.
    ...(modelVersion === undefined || Predicate.isString(modelVersion) ? {} : { modelVersion }),
    ...(responseId === undefined || Predicate.isString(responseId) ? {} : { responseId }),
    ...whereAny("usageMetadata", WireUsage.others(body["usageMetadata"])),
    ...whereAny("candidate", rest),
    ...whereAny("content", { ...ofContent, ...(role === undefined || role === "model" ? {} : { role }) }),
    ...(finishReason !== undefined && FinishReason.isLost(finishReason, calls) ? { finishReason } : {}),
    ...(others.length === 0 ? {} : { candidates: others })
  }
}

const failed = (detail: string) => new NotOfDialect({ dialect: "gemini", detail })

const blockReasonOf = (body: Fields): unknown => fieldsOf(body["promptFeedback"])["blockReason"]

/** True for a prompt that is not answered at all. */
export const isBlocked = (body: Fields): boolean => {
  const reason = blockReasonOf(body)
  return Predicate.isString(reason) && reason !== ""
}

/** The same for an answer whose blocks are there already. */
export const withBlocks = (body: Fields, content: ReadonlyArray<ContentBlock>): ChatResponse => {
  const candidate = firstCandidate(body) ?? {}
  const calls = content.some(({ type }) => type === "tool_call")
  const reason = FinishReason.raise(candidate["finishReason"], calls)
  return {
    content: Logprobs.withText(content, candidate),
    finish_reason: reason ?? (isBlocked(body) ? "content_filter" : null),
    usage: WireUsage.raise(body["usageMetadata"]),
    metadata: metadataOf(body),
    ...optionsOf("gemini", optionsIn(body, candidate, calls))
  }
}

const canonical = (body: Fields, producer: string | undefined): Result.Result<ChatResponse, NotOfDialect> => {
  const candidate = firstCandidate(body)
  if (candidate === undefined && !isBlocked(body)) return Result.fail(failed("candidates: missing, and no blockReason"))
  const blockOf = blocksOf(RaisePart.originOf(producer))
  const parts = SealedBehind.joined(listOf(fieldsOf(candidate?.["content"])["parts"]))
  const content = parts.map((part) => blockOf(part, body)).filter(Predicate.isNotUndefined)
  return Result.succeed(withBlocks(body, content))
}

export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> =>
  decode(body).pipe(
    Result.mapError(({ message }) => failed(message)),
    Result.flatMap((read) => canonical(read as unknown as Fields, producer))
  )
