/** A request of Ollama's in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { asText, isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { given, isEmpty } from "../anthropic/WireFields.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { OpenCalls } from "../OpenCalls.ts"
import * as RaiseMessage from "./RaiseMessage.ts"
import * as RunOptions from "./RunOptions.ts"
import { dialect, WireRequest } from "./Wire.ts"

type Fields = Schema.JsonObject

const decodeWire = Schema.decodeUnknownResult(WireRequest)
const decodeCanonical = Schema.decodeUnknownResult(ChatRequest)

/** Gives results the calls they are of: by their id, by the tool's name, else the oldest. */
class Messages {
  readonly #open = new OpenCalls()

  readonly raise = (message: Fields, number: number): Fields => {
    const { role } = message
    if (role === "tool") return this.#result(message)
    const content = RaiseMessage.blocksOf(message, String(number), {})
    for (const block of content) {
      if (block.type === "tool_call") this.#open.add({ id: asText(block["id"]), name: asText(block["name"]) })
    }
    return {
      role: role!,
      content: content as ReadonlyArray<unknown> as Schema.JsonArray,
      ...optionsOf(dialect, RaiseMessage.restOf(message))
    }
  }

  #result(message: Fields): Fields {
    const { content, images, tool_call_id, tool_name } = message
    const id = Predicate.isString(tool_call_id) ? tool_call_id : this.#open.take(tool_name) ?? ""
    this.#open.close(id)
    const pictures = RaiseMessage.imagesOf(images)
    const words = Predicate.isString(content) ? content : ""
    const output = pictures.length === 0
      ? words
      : [...(words === "" ? [] : [{ type: "text", text: words }]), ...pictures]
    const rest = Struct.omit(RaiseMessage.restOf(message), ["tool_call_id", "tool_name"])
    const block = { type: "tool_result", tool_call_id: id, output, ...optionsOf(dialect, rest) }
    return { role: "tool", content: [block] as ReadonlyArray<unknown> as Schema.JsonArray }
  }
}

const isFunction = (tool: Fields): boolean => isFields(tool["function"]) && Predicate.isString(tool["function"]["name"])

const specFields = ["name", "description", "parameters"]

const tool = (wire: Fields): Fields => {
  const { function: called, ...rest } = Struct.omit(wire, ["type"])
  const { description, name, parameters, ...more } = called as Fields
  return {
    name: name!,
    ...given("description", description),
    parameters: isFields(parameters) ? parameters : {},
    ...optionsOf(dialect, {
      ...rest,
      ...(isEmpty(Struct.omit(more, specFields)) ? {} : { function: more })
    })
  }
}

const canonical = (wire: Fields): Fields => {
  const { format, messages, model, options, stream, think, tools, ...rest } = wire
  const run = RunOptions.raise(isFields(options) ? options : {})
  const [thinking, form] = [RunOptions.raiseThinking(think), RunOptions.raiseFormat(format)]
  const functions = objectsIn(tools).filter(isFunction)
  const others = objectsIn(tools).filter((each) => !isFunction(each))
  return {
    ...run.canonical,
    ...given("model", model),
    messages: objectsIn(messages).map(new Messages().raise),
    ...(functions.length === 0 ? {} : { tools: functions.map(tool) }),
    ...thinking,
    ...form,
    ...(stream === false ? {} : { stream: true }),
    ...optionsOf(dialect, {
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)),
      ...(isEmpty(run.options) ? {} : { options: run.options }),
      ...(think == null || thinking !== undefined ? {} : { think }),
      ...(format == null || format === "" || form !== undefined ? {} : { format }),
      ...(others.length === 0 ? {} : { tools: others })
    })
  }
}

const failed = ({ message }: { readonly message: string }) => new NotOfDialect({ dialect, detail: message })

export const raise = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  decodeWire(body).pipe(
    Result.flatMap((wire) => decodeCanonical(canonical(wire as unknown as Fields))),
    Result.mapError(failed)
  )
