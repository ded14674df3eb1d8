/** A canonical request as Interactions are asked. */
import { Predicate, Result, Struct } from "effect"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { isModeled, wireTypeOf } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import { dropped } from "../chat/Losses.ts"
import type { WireRequest } from "../Dialect.ts"
import { namesOf } from "../gemini/LowerContents.ts"
import type { Lowering } from "../gemini/LowerPart.ts"
import * as LoweringReport from "../LoweringReport.ts"
import type { NotOfDialect } from "../NotOfDialect.ts"
import * as TurnContent from "../TurnContent.ts"
import * as GenerationConfig from "./GenerationConfig.ts"
import * as LowerStep from "./LowerStep.ts"
import * as ResponseForm from "./ResponseForm.ts"
import type { Fields } from "./Steps.ts"
import { contentsOf } from "./Steps.ts"
import * as Tools from "./Tools.ts"

/** What is left out of the model's own turns is told; what a user says is never left out. */
const loweringFor = (
  { role }: Message,
  names: ReadonlyMap<string, string>,
  report: LoweringReport.LoweringReport
): Lowering => ({
  toVendor: true,
  nameOf: (id) => names.get(id),
  leftOut: (block, what) => {
    if (what === "block" && !isModeled(block) && role !== "assistant") {
      report.refuse(
        "messages",
        `messages: a block of type ${wireTypeOf(block)}, which Interactions have no content for`
      )
    } else report.degrade(dropped(block, "interactions"))
  }
})

/** All that is said as the system is one text; images of it have no place. */
const systemOf = (messages: ReadonlyArray<Message>, report: LoweringReport.LoweringReport): string | undefined => {
  const blocks = messages.filter(({ role }) => role === "system").flatMap(TurnContent.contentOf)
  const texts = blocks.flatMap((block) => isModeled(block) && block.type === "text" ? [block.text] : [])
  if (texts.length < blocks.length) report.refuse("messages", "messages: a system that says more than text")
  return texts.length === 0 ? undefined : texts.join("\n\n")
}

/** One text of a user is said as text. */
const inputOf = (steps: ReadonlyArray<Fields>): string | ReadonlyArray<Fields> => {
  const [first, ...others] = steps
  if (first?.["type"] !== "user_input" || others.length > 0 || Object.keys(first).length > 2) return steps
  const [content, ...more] = contentsOf(first["content"])
  const text = content?.["text"]
  const isPlain = more.length === 0 && Object.keys(content ?? {}).length === 2 && Predicate.isString(text)
  return isPlain ? text : steps
}

const placed = ["generation_config", "tools", ...ResponseForm.fields] as const

const bodyOf = (request: ChatRequest, report: LoweringReport.LoweringReport): Fields => {
  const own = optionsFor("interactions", request)
  const { messages, model, response_format, stream } = request
  const names = namesOf(messages)
  const system = systemOf(messages, report)
  const steps = messages.filter(({ role }) => role !== "system").flatMap((message) =>
    LowerStep.lower(
      TurnContent.contentOf(message),
      message.role === "assistant" ? "model_output" : "user_input",
      loweringFor(message, names, report)
    )
  )
  if (steps.length === 0) report.refuse("messages", "messages: at least one that says something")
  const tools = Tools.lower(request.tools ?? [], own["tools"])
  const given = own["generation_config"]
  const config = GenerationConfig.lower(request, Predicate.isObject(given) ? given as Fields : {}, report)
  return {
    ...Struct.omit(own, placed) as Fields,
    ...(model == null ? {} : { model }),
    input: inputOf(steps),
    ...(system === undefined ? {} : { system_instruction: system }),
    ...(tools.length === 0 ? {} : { tools }),
    ...ResponseForm.lower(response_format, own),
    ...(Object.keys(config).length === 0 ? {} : { generation_config: config }),
    ...(stream == null ? {} : { stream })
  }
}

export const lower = (request: ChatRequest): Result.Result<WireRequest, NotOfDialect> => {
  const report = LoweringReport.make("interactions")
  const body = bodyOf(request, report)
  return report.failure === undefined
    ? Result.succeed({ body, degradations: report.degradations })
    : Result.fail(report.failure)
}
