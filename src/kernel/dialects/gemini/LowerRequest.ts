/** A canonical request as Gemini is asked. */
import { Result } from "effect"
import { isDeepStrictEqual } from "node:util"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { Degradation } from "../../messages/ChatResponse.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { isModeled, wireTypeOf } from "../../messages/ContentBlock.ts"
import type { Role } from "../../messages/Message.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { WireRequest } from "../Dialect.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as GenerationConfig from "./GenerationConfig.ts"
import * as Limits from "./Limits.ts"
import * as LowerContents from "./LowerContents.ts"
import type { Lowering } from "./LowerPart.ts"
import { generation } from "./ModelPath.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, named, whereAny } from "./ProtoNames.ts"
import * as Signatures from "./Signatures.ts"
import * as WireTools from "./WireTools.ts"

const refused = (param: string, detail: string) => Result.fail(new NotOfDialect({ dialect: "gemini", detail, param }))

const sourceOf = (block: ContentBlock): string =>
  block.producer_model ?? Object.keys(block.provider_options ?? {})[0] ?? "another model"

const withoutThinking = (block: ContentBlock): Degradation => ({
  requested: `thinking of ${sourceOf(block)}`,
  actual: "without it",
  reason: "only the model that thought it can read it"
})

const withoutBlock = (block: ContentBlock): Degradation => ({
  requested: `a block of type ${wireTypeOf(block)}`,
  actual: "without it",
  reason: "Gemini has no such part"
})

/** What is left out of the model's own turns is told; what a user says is never left out. */
class LeftOut {
  readonly degradations: Array<Degradation> = []
  readonly #noted = new Set<string>()
  refusal: string | undefined

  add(degradation: Degradation): void {
    const { actual, reason, requested } = degradation
    const key = JSON.stringify([requested, actual, reason])
    if (this.#noted.has(key)) return
    this.#noted.add(key)
    this.degradations.push(degradation)
  }

  block(role: Role, block: ContentBlock, what: "block" | "signature"): void {
    if (what === "signature" || isModeled(block)) this.add(withoutThinking(block))
    else if (role === "assistant") this.add(withoutBlock(block))
    else this.refusal ??= `messages: a block of type ${wireTypeOf(block)}, which Gemini has no part for`
  }
}

const dummySignature: Degradation = {
  requested: "function calls as the model signs them",
  actual: `the signature ${Signatures.unsigned}`,
  reason: "another model made them, or their signature is lost"
}

const namelessResult = (contents: ReadonlyArray<Fields>): boolean =>
  contents.some(({ parts }) =>
    (parts as ReadonlyArray<Fields>).some(({ functionResponse }) =>
      functionResponse !== undefined && fieldsOf(functionResponse)["name"] === undefined
    )
  )

const toolConfigOf = (request: ChatRequest, own: Fields): Fields | undefined => {
  const { functionCallingConfig, ...rest } = fieldsOf(own["toolConfig"])
  const { tool_choice: choice } = request
  if (choice == null) {
    return functionCallingConfig === undefined ? rest : { ...rest, functionCallingConfig }
  }
  const isUnchanged = isDeepStrictEqual(WireTools.raiseChoice(named(fieldsOf(functionCallingConfig))), choice)
  const config = isUnchanged ? functionCallingConfig : WireTools.lowerChoice(choice)
  return config === undefined ? undefined : { ...rest, functionCallingConfig: config }
}

/** What this dialect said besides, in the places that it is not written to as it is. */
const placed = new Set(["generationConfig", "responseSchema", "toolConfig", "tools"])

const lowerLimited = ({ degradations, request }: Limits.Limited): Result.Result<WireRequest, NotOfDialect> => {
  const own = optionsFor("gemini", request)
  const leftOut = new LeftOut()
  const { messages, model, tools } = request
  const names = LowerContents.namesOf(messages)
  const number = generation(model)
  const options: LowerContents.Options = {
    lowering: (role): Lowering => ({
      toVendor: true,
      nameOf: (id) => names.get(id),
      leftOut: (block, what) => leftOut.block(role, block, what)
    }),
    multimodalResults: number === undefined || number >= Signatures.firstStrict
  }
  const turns = LowerContents.lower(messages, options)
  const system = LowerContents.system(messages, options)
  const contents = number === undefined || number < Signatures.firstStrict
    ? turns
    : LowerContents.withSignedCalls(turns, Signatures.unsigned, () => leftOut.add(dummySignature))
  if (leftOut.refusal !== undefined) return refused("messages", leftOut.refusal)
  if (contents.length === 0) return refused("messages", "messages: none that Gemini could answer")
  if (namelessResult(contents)) return refused("messages", "messages: a tool's result without the call it is of")
  const toolConfig = toolConfigOf(request, own)
  if (toolConfig === undefined) return refused("tool_choice", `tool_choice: ${JSON.stringify(request.tool_choice)}`)
  const wireTools = WireTools.lower(tools ?? [], own["tools"])
  const { degradation, fields: generationConfig } = GenerationConfig.lower(request, own)
  return Result.succeed({
    body: {
      ...Object.fromEntries(Object.entries(own).filter(([name]) => !placed.has(name))),
      contents,
      ...(system === undefined ? {} : { systemInstruction: system }),
      ...(wireTools.length === 0 ? {} : { tools: wireTools }),
      ...whereAny("toolConfig", toolConfig),
      ...whereAny("generationConfig", generationConfig)
    },
    degradations: [...degradations, ...(degradation === undefined ? [] : [degradation]), ...leftOut.degradations]
  })
}

/** The model is not in it: it stands in the path. */
export const lower = (request: ChatRequest): Result.Result<WireRequest, NotOfDialect> =>
  Result.flatMap(Limits.apply(request), lowerLimited)
