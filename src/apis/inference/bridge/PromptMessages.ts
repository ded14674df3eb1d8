/** A prompt of `effect/ai` as canonical messages. What no message can say is named. */
import { Predicate, Result, Schema } from "effect"
import type { Prompt } from "effect/ai"
import type { ContentBlock } from "../../../kernel/messages/ContentBlock.ts"
import type { Message } from "../../../kernel/messages/Message.ts"
import * as BlockState from "./BlockState.ts"
import * as FileBlock from "./FileBlock.ts"

/** Says which part it is, and what to do. */
type Unmapped = string

type Blocks = Result.Result<ReadonlyArray<ContentBlock>, Unmapped>

const thoughts = ["thinking", "redacted_thinking", "reasoning"]

const decodeJson = Schema.decodeUnknownResult(Schema.Json)
const decodeArguments = Schema.decodeUnknownResult(Schema.JsonObject)

const executedElsewhere = (name: string): Unmapped =>
  `the call of ${name} was run by another provider: its call and result can't be sent; leave them out of the prompt`

/** Of what the model itself wrote, what is no object goes back as it stands. */
const argumentsOf = (params: unknown) =>
  Result.match(decodeArguments(params), {
    onSuccess: (input) => ({ input }),
    onFailure: () => ({ input: {}, arguments: Predicate.isString(params) ? params : JSON.stringify(params) ?? "" })
  })

const outputOf = ({ modelOutput, result }: Prompt.ToolResultPart): Result.Result<Schema.Json, Unmapped> => {
  if (modelOutput === undefined) {
    return Result.succeed(Result.getOrElse(decodeJson(result), () => JSON.stringify(result) ?? ""))
  }
  return Result.map(all(modelOutput.map(partOf)), (blocks) => blocks.map((block): Schema.JsonObject => ({ ...block })))
}

const partOf = (part: Prompt.TextPart | Prompt.FilePart): Blocks =>
  part.type === "text"
    ? Result.succeed([BlockState.restored(part.options, { type: "text", text: part.text })])
    : Result.map(FileBlock.of(part), (block) => [BlockState.restored(part.options, block)])

const all = (parts: ReadonlyArray<Blocks>): Blocks => Result.map(Result.all(parts), (blocks) => blocks.flat())

const spokenPart = (part: Prompt.AssistantMessagePart): Blocks => {
  switch (part.type) {
    case "text":
    case "file":
      return partOf(part)
    case "reasoning":
      return Result.succeed([BlockState.restored(part.options, { type: "thinking", thinking: part.text }, thoughts)])
    case "tool-call": {
      const { id, name, options, params, providerExecuted } = part
      if (providerExecuted) return Result.fail(executedElsewhere(name))
      return Result.succeed([BlockState.restored(options, { type: "tool_call", id, name, ...argumentsOf(params) })])
    }
    case "tool-result":
      return Result.fail(executedElsewhere(part.name))
    // It waits for the application, and no model hears of it.
    case "tool-approval-request":
      return Result.succeed([])
  }
}

const resultPart = (part: Prompt.ToolMessagePart): Blocks => {
  if (part.type === "tool-approval-response") return Result.succeed([])
  if (part.providerExecuted) return Result.fail(executedElsewhere(part.name))
  return Result.map(outputOf(part), (output) => [
    BlockState.restored(part.options, {
      type: "tool_result",
      tool_call_id: part.id,
      output,
      ...part.isFailure ? { is_error: true } : {}
    })
  ])
}

const contentOf = (message: Prompt.Message): Blocks => {
  switch (message.role) {
    case "system":
      return Result.succeed([BlockState.restored(message.options, { type: "text", text: message.content })])
    case "user":
      return all(message.content.map(partOf))
    case "assistant":
      return all(message.content.map(spokenPart))
    case "tool":
      return all(message.content.map(resultPart))
  }
}

/** Messages of which nothing is left are left out. */
export const of = ({ content }: Prompt.Prompt): Result.Result<ReadonlyArray<Message>, Unmapped> =>
  Result.map(
    Result.all(
      content.map((message) => Result.map(contentOf(message), (content) => ({ role: message.role, content })))
    ),
    (messages) => messages.filter(({ content }) => content.length > 0)
  )
