/** `web_search`: a tool of the server that searches the web by a configured provider, and gives the model pages to cite. */
import { Effect, Predicate } from "effect"
import type { Schema } from "effect"
import { hash } from "node:crypto"
import { isFields, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import { tableOf } from "../../events/types/Table.ts"
import { responses } from "../../kernel/dialects/responses/ResponsesDialect.ts"
import * as ToolCallResult from "../../kernel/tools/ToolCallResult.ts"
import type { ServerTool } from "../../kernel/turn/TurnPorts.ts"
import type { Inference } from "../inference/Inference.ts"
import type { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import type { WebSearchResult } from "../tool-runtime/WebSearchTool.ts"
import * as WebSearchTool from "../tool-runtime/WebSearchTool.ts"
import { invalid } from "./ResponseErrors.ts"

type Json = Schema.JsonObject

export const toolName = WebSearchTool.name

/** In place of a server's label: no client can give a server this one. */
export const label = "strata:web_search"

const types = /^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/

/** Whether a tool, or a choice of one, is this, in any of its versions. */
export const isTool = ({ type }: Json): boolean => Predicate.isString(type) && types.test(type)

export interface WebSearchPlan {
  readonly group: string
  /** Of each search, besides its query. */
  readonly options: Json
  /** The addresses are shown in the item of the call. */
  readonly hasSources: boolean
}

/** How many pages by how much of them the model is to read. */
const counts = tableOf<number>({ low: 3, medium: 5, high: 10 })

const optionsOf = ({ filters, search_context_size, user_location }: Json): Json => {
  const domains = isFields(filters) ? filters["allowed_domains"] : undefined
  const place = isFields(user_location) ? user_location["approximate"] ?? user_location : undefined
  const country = isFields(place) ? textOrNull(place["country"]) : null
  const max_results = counts[textOrNull(search_context_size) ?? ""]
  return {
    ...max_results === undefined ? {} : { max_results },
    ...Array.isArray(domains) && domains.length > 0 ? { allowed_domains: domains } : {},
    ...country === null ? {} : { country }
  }
}

const remedy = "no provider of web search is configured here: add remote::tavily-search, remote::brave-search or " +
  "remote::exa-search to providers.tool_runtime, or name an MCP server that searches"

const withSources = "web_search_call.action.sources"

export interface Services {
  readonly inference: Inference["Service"] | undefined
  readonly tools: ToolRuntime["Service"] | undefined
}

/** Undefined: it is not asked for, or the vendor's to make. Fails where nobody here could. */
export const planOf = (services: Services, body: Json) => {
  const at = objectsIn(body["tools"]).findIndex(isTool)
  return at === -1 ? Effect.undefined : planFor(services, body, at)
}

const planFor = Effect.fnUntraced(function*({ inference, tools }: Services, body: Json, at: number) {
  const isVendors = inference === undefined
    ? false
    : yield* inference.speaks(textOrNull(body["model"]) ?? "", responses)
  if (isVendors) return undefined
  const searcher = tools === undefined ? undefined : yield* Effect.orElseSucceed(tools.webSearch, () => undefined)
  if (searcher === undefined) {
    const type = textOrNull(objectsIn(body["tools"])[at]!["type"]) ?? ""
    return yield* invalid(
      `tools[${at}].type`,
      `tools[${at}]: the tool ${type} can't be used: ${remedy}.`,
      "unsupported_tool"
    )
  }
  const include = body["include"]
  const plan: WebSearchPlan = {
    group: searcher.group,
    options: optionsOf(objectsIn(body["tools"])[at]!),
    hasSources: Array.isArray(include) && include.includes(withSources)
  }
  return plan
})

/** By its address, so that it does not matter which of several searches is faster. */
const markOf = ({ url }: WebSearchResult): string => `web-${hash("sha256", url, "hex").slice(0, 10)}`

/** What a response has searched so far. */
export class WebSearches {
  readonly #results = new Map<string, ReadonlyArray<WebSearchResult>>()
  readonly #sources = new Map<string, WebSearchResult>()

  /** Of a call. */
  resultsOf(call: string): ReadonlyArray<WebSearchResult> {
    return this.#results.get(call) ?? []
  }

  /** Undefined: it was in no result. */
  sourceOf(mark: string): WebSearchResult | undefined {
    return this.#sources.get(mark)
  }

  add(call: string, results: ReadonlyArray<WebSearchResult>): void {
    this.#results.set(call, results)
    for (const result of results) this.#sources.set(markOf(result), result)
  }
}

/** As the model reads them; what it writes between the marks becomes a citation. */
export const outputOf = (results: ReadonlyArray<WebSearchResult>): string =>
  results.length === 0
    ? "Nothing was found on the web."
    : [
      "Pages of the web. Behind each sentence that rests on one, cite it by its mark, " +
      `for example: It is cold in Oslo <|${markOf(results[0]!)}|>.`,
      ...results.map((result) =>
        [
          `mark: ${markOf(result)}, title: ${result.title}, URL: ${result.url}${
            result.published === undefined ? "" : `, published: ${result.published}`
          }`,
          result.text
        ].join("\n")
      )
    ].join("\n\n")

/** As the item of a call shows it. */
export const actionOf = (query: string, results: ReadonlyArray<WebSearchResult> | undefined): Json => ({
  type: "search",
  query,
  queries: [query],
  ...results === undefined ? {} : { sources: results.map(({ url }) => ({ type: "url", url })) }
})

export const tool = (
  runtime: ToolRuntime["Service"],
  { group, options }: WebSearchPlan,
  searches: WebSearches,
  mask: (text: string) => string
): ServerTool => ({
  spec: {
    name: toolName,
    description: WebSearchTool.definition.description,
    parameters: {
      type: "object",
      properties: { query: { type: "string", description: "What to search for, in words." } },
      required: ["query"],
      additionalProperties: false
    }
  },
  requiresApproval: false,
  invoke: ({ arguments: given, id }) =>
    runtime.invoke({
      name: toolName,
      group,
      arguments: { ...options, query: given["query"] ?? "" },
      tool_call_id: id
    }).pipe(
      Effect.match({
        onSuccess: (result) => {
          if (result.is_error) return { output: ToolCallResult.textOf(result), is_error: true }
          const results = WebSearchTool.resultsIn(result.structured_content)
          searches.add(id, results)
          return { output: outputOf(results), is_error: false }
        },
        onFailure: ({ message }) => ({ output: mask(message), is_error: true })
      })
    )
})

/** A choice of it is one of its function. */
export const choiceOf = (choice: Schema.Json | undefined): Schema.Json | undefined =>
  isFields(choice) && isTool(choice) ? { type: "function", name: toolName } : choice
