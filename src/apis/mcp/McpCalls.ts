/** What Strata's MCP server can do: tools, prompts and resources, each for the principal of the moment. */
import { Effect, Schema } from "effect"
import type { Contributions } from "../../kernel/contributions/Contributions.ts"
import type { Tool } from "../../kernel/tools/Tool.ts"
import type { ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import type { ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"
import * as ToolNames from "../../kernel/tools/ToolNames.ts"
import { toInvocationResult } from "../tool-runtime/ToolAnswers.ts"
import type { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import { ToolInvocationResult } from "../tool-runtime/ToolRuntimeModels.ts"
import * as McpContributions from "./McpContributions.ts"
import type { McpRequests, Sender } from "./McpRequests.ts"
import * as McpResults from "./McpResults.ts"

/** A message asks for what is not there, or not in the right form: an error of the protocol. */
export class McpRefusal extends Schema.TaggedError<McpRefusal>()("McpRefusal", {
  /** Of JSON-RPC, or of MCP. */
  code: Schema.Int,
  message: Schema.String
}) {}

const invalidParams = -32602
const resourceNotFound = -32002

const refuse = (message: string, code = invalidParams) => new McpRefusal({ code, message })

const encodeResult = Schema.encodeSync(ToolInvocationResult)

/** The provider that Strata's own tools stand under. */
const own = "strata"

interface Given {
  readonly tools: ToolRuntime["Service"]
  readonly ownTools: ReadonlyArray<Tool>
  readonly contributions: Contributions["Service"]
  readonly requests: McpRequests
  /** The variables of an address that fits a template; null: it does not. */
  readonly match: (template: string, uri: string) => Readonly<Record<string, string | ReadonlyArray<string>>> | null
}

type Params = Schema.JsonObject

const contentOf = (
  uri: string,
  { mime_type: mimeType }: McpContributions.McpResource,
  content: McpContributions.ResourceContent
) => ({
  uri,
  ...mimeType === undefined ? {} : { mimeType },
  ..."text" in content ? { text: content.text } : { blob: Buffer.from(content.blob).toString("base64") }
})

export const make = ({ contributions, match, ownTools, requests, tools }: Given) => {
  const ownByName = new Map(ownTools.map((tool) => [tool.definition.name, tool]))
  const ownDefinitions = ownTools.map(({ definition }): ToolDefinition => ({
    ...definition,
    group: own,
    provider: own
  }))

  const named = Effect.map(
    tools.list(),
    (listed) => ToolNames.of([...ownDefinitions, ...listed], ToolNames.ofMcp)
  )
  const collected = <A>(lists: Effect.Effect<ReadonlyArray<ReadonlyArray<A>>>) => Effect.map(lists, (all) => all.flat())
  const prompts = collected(contributions.collect(McpContributions.prompts))
  const resources = collected(contributions.collect(McpContributions.resources))

  const callTool = Effect.fnUntraced(function*(message: Params, { name, given }: {
    readonly name: string
    readonly given: Params
  }, sender: Sender) {
    const tool = (yield* named).find((each) => each.name === name)?.tool
    if (tool === undefined) return yield* refuse(`There is no tool ${name}: tools/list names those there are.`)
    const ownTool = tool.group === own ? ownByName.get(tool.name) : undefined
    if (ownTool !== undefined) return yield* requests.message(message, sender, ownTool.run(given))
    const payload = { tool_name: tool.name, kwargs: given, toolgroup_id: tool.group }
    const invoked = tools.invoke({ name: tool.name, group: tool.group, arguments: given })
    return yield* requests.invoke<ToolCallResult, unknown, never>(
      payload,
      sender,
      invoked,
      (result) => JSON.stringify(encodeResult(toInvocationResult(result)))
    )
  })

  const readResource = Effect.fnUntraced(function*(uri: string) {
    for (const resource of yield* resources) {
      if ("uri" in resource) {
        if (resource.uri === uri) return contentOf(uri, resource, yield* resource.read)
        continue
      }
      const variables = match(resource.uri_template, uri)
      if (variables === null) continue
      const texts = Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)]))
      return contentOf(uri, resource, yield* resource.read(texts, uri))
    }
    return yield* refuse(`There is no resource ${uri}.`, resourceNotFound)
  })

  const promptOf = (name: string) =>
    Effect.flatMap(prompts, (all) => {
      const prompt = all.find((each) => each.name === name)
      return prompt === undefined
        ? Effect.fail(refuse(`There is no prompt ${name}: prompts/list names those there are.`))
        : Effect.succeed(prompt)
    })

  const getPrompt = Effect.fnUntraced(function*(name: string, given: Readonly<Record<string, string>>) {
    const prompt = yield* promptOf(name)
    const absent = (prompt.arguments ?? []).find(({ name, required }) => required === true && given[name] === undefined)
    if (absent !== undefined) return yield* refuse(`The prompt ${name} needs the argument ${absent.name}.`)
    const messages = yield* prompt.get(given)
    return {
      description: prompt.description,
      messages: messages.map(({ content, role }) => ({ role, content: McpResults.blockOf(content) }))
    }
  })

  return {
    listTools: Effect.map(named, (all) => ({
      tools: all.map(({ name, tool: { annotations, description, input_schema, output_schema } }) => ({
        name,
        description,
        inputSchema: { type: "object", ...input_schema },
        ...output_schema === undefined ? {} : { outputSchema: output_schema },
        ...annotations === undefined ? {} : { annotations }
      }))
    })),
    callTool: (message: Params, call: { readonly name: string; readonly given: Params }, sender: Sender) =>
      Effect.map(callTool(message, call, sender), McpResults.resultOf),
    listPrompts: Effect.map(prompts, (all) => ({
      prompts: all.map(({ arguments: taken = [], description, name }) => ({
        name,
        description,
        arguments: taken.map(({ description, name, required }) => ({
          name,
          ...description === undefined ? {} : { description },
          ...required === undefined ? {} : { required }
        }))
      }))
    })),
    getPrompt: (message: Params, name: string, given: Readonly<Record<string, string>>, sender: Sender) =>
      requests.message(message, sender, getPrompt(name, given)),
    listResources: Effect.map(resources, (all) => ({
      resources: all.flatMap((each) =>
        "uri" in each
          ? [{
            uri: each.uri,
            name: each.name,
            description: each.description,
            ...each.mime_type === undefined ? {} : { mimeType: each.mime_type }
          }]
          : []
      )
    })),
    listTemplates: Effect.map(resources, (all) => ({
      resourceTemplates: all.flatMap((each) =>
        "uri_template" in each
          ? [{
            uriTemplate: each.uri_template,
            name: each.name,
            description: each.description,
            ...each.mime_type === undefined ? {} : { mimeType: each.mime_type }
          }]
          : []
      )
    })),
    readResource: (message: Params, uri: string, sender: Sender) =>
      requests.message(message, sender, Effect.map(readResource(uri), (content) => ({ contents: [content] }))),
    /** What tells of changes of a resource; undefined: it does not change. */
    changesOf: (uri: string) =>
      Effect.map(resources, (all) => {
        const resource = all.find((each) => "uri" in each && each.uri === uri)
        return resource !== undefined && "changes" in resource ? resource.changes : undefined
      }),
    complete: Effect.fnUntraced(function*(prompt: string, argument: string, typed: string) {
      const { arguments: taken = [] } = yield* promptOf(prompt)
      const values = yield* taken.find(({ name }) => name === argument)?.complete?.(typed) ?? Effect.succeed([])
      return { completion: { values: values.slice(0, 100), total: values.length, hasMore: values.length > 100 } }
    })
  }
}
export type McpCalls = ReturnType<typeof make>
