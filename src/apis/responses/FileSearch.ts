/** `file_search`: a tool of the server that searches vector stores, and gives the model pieces that it can cite. */
import { Effect, Predicate, Result, Schema } from "effect"
import { isFields, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import * as BodyLimits from "../../kernel/http/BodyLimits.ts"
import type { ServerTool } from "../../kernel/turn/TurnPorts.ts"
import type { SearchResult } from "../vector-stores/VectorSearchModels.ts"
import { SearchVectorStore } from "../vector-stores/VectorSearchModels.ts"
import type { VectorStores } from "../vector-stores/VectorStores.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"

type Json = Schema.JsonObject

export const toolName = "file_search"

/** In place of a server's label: no client can give a server this one. */
export const label = "strata:file_search"

/** Ids of stores that are kept here, and those that their clients may have chosen: a vendor's look like these, too. */
const ourId = /^vs_[0-9a-f]{48}$/
const chosenId = /^vs_\w{8,100}$/

const idsOf = (tool: Json): ReadonlyArray<string> =>
  Array.isArray(tool["vector_store_ids"]) ? tool["vector_store_ids"].filter(Predicate.isString) : []

/** Which stores are kept here; those of a vendor's are the vendor's to search. */
export interface StoresHere {
  readonly hasStore: (id: string) => boolean
  /** Whether a tool searches these. */
  readonly isOurs: (tool: Json) => boolean
}

const hereWith = (chosen: ReadonlySet<string>): StoresHere => {
  const hasStore = (id: string) => ourId.test(id) || chosen.has(id)
  return {
    hasStore,
    isOurs: (tool) => {
      const ids = idsOf(tool)
      return tool["type"] === toolName && ids.length > 0 && ids.every(hasStore)
    }
  }
}

/** Where nobody has asked which ids clients chose. */
export const nowhereChosen = hereWith(new Set())

/** Looks up the ids that only a client can have chosen. */
export const storesHere = (
  stores: Pick<VectorStores["Service"], "get"> | undefined,
  tools: unknown
): Effect.Effect<StoresHere> => {
  const named = objectsIn(tools).filter(({ type }) => type === toolName).flatMap(idsOf)
  const unclear = [...new Set(named)].filter((id) => !ourId.test(id) && chosenId.test(id))
  if (stores === undefined || unclear.length === 0) return Effect.succeed(nowhereChosen)
  const isKept = (id: string) => Effect.isSuccess(stores.get(id))
  return Effect.map(Effect.filter(unclear, isKept), (chosen) => hereWith(new Set(chosen)))
}

/** Why a file search can't be made here. */
export const refusal = (tool: Json, at: number, { hasStore }: StoresHere): ResponseInvalid => {
  const path = `tools[${at}].vector_store_ids`
  const foreign = idsOf(tool).find((id) => !hasStore(id))
  return foreign === undefined
    ? invalid(path, `${path}: missing: name the vector stores to search.`, "missing_required_parameter")
    : invalid(path, `${path}: there is no vector store with the id ${JSON.stringify(foreign)} here.`)
}

/** What a request's tool says, but for the queries. */
const Options = Schema.Struct({
  filters: SearchVectorStore.fields.filters,
  max_num_results: SearchVectorStore.fields.max_num_results,
  ranking_options: SearchVectorStore.fields.ranking_options
})

/** What one tool of a request searches, and how. */
interface SearchOfTool {
  readonly stores: ReadonlyArray<string>
  readonly options: typeof Options.Type
}

export interface FileSearchPlan {
  /** Of a request's tools, each with filters of its own. */
  readonly searches: ReadonlyArray<SearchOfTool>
  /** The results are shown in the item of the call. */
  readonly hasResults: boolean
}

const decodeOptions = Schema.decodeUnknownResult(Options)
const limitsOfOptions = BodyLimits.of(Options)

const withResults = "file_search_call.results"

const searchOf = (tool: Json, at: number): Result.Result<SearchOfTool, ResponseInvalid> => {
  const over = limitsOfOptions(tool)
  if (over !== undefined) {
    const path = `tools[${at}].${over.path}`
    return Result.fail(invalid(path, `${path}: ${over.message}.`))
  }
  return Result.mapBoth(decodeOptions(tool), {
    onFailure: ({ message }) => invalid(`tools[${at}]`, `tools[${at}]: the file search is not understood: ${message}`),
    onSuccess: (options) => ({ stores: idsOf(tool), options })
  })
}

/** Undefined: no tool of these searches stores that are kept here. */
export const planOf = (
  body: Json,
  { isOurs }: StoresHere
): Result.Result<FileSearchPlan | undefined, ResponseInvalid> => {
  const { include, tools } = body
  const searches = objectsIn(tools).flatMap((tool, at) => isOurs(tool) ? [searchOf(tool, at)] : [])
  return Result.map(Result.all(searches), (searches) =>
    searches.length === 0
      ? undefined
      : { searches, hasResults: Array.isArray(include) && include.includes(withResults) })
}

const parameters: Json = {
  type: "object",
  properties: {
    queries: {
      type: "array",
      items: { type: "string" },
      minItems: 1,
      maxItems: 10,
      description: "What to search for, in words: a question, or several ways to ask it."
    }
  },
  required: ["queries"],
  additionalProperties: false
}

export const queriesIn = (given: Json): ReadonlyArray<string> => {
  const { queries, query } = given
  const all = Array.isArray(queries) ? queries : [queries ?? query]
  return all.filter(Predicate.isString).filter((each) => each.trim() !== "")
}

/** What a response has searched so far. */
export class FileSearches {
  readonly #results = new Map<string, ReadonlyArray<SearchResult>>()
  readonly #names = new Map<string, string>()

  /** Of a call. */
  resultsOf(call: string): ReadonlyArray<SearchResult> {
    return this.#results.get(call) ?? []
  }

  /** Undefined: it was in no result. */
  nameOf(file: string): string | undefined {
    return this.#names.get(file)
  }

  add(call: string, results: ReadonlyArray<SearchResult>): void {
    this.#results.set(call, results)
    for (const { file_id, filename } of results) this.#names.set(file_id, filename)
  }
}

/** As an item of the dialect shows a result. */
export const shapeOf = ({ attributes, content, file_id, filename, score }: SearchResult): Json => ({
  file_id,
  filename,
  score,
  attributes,
  text: content.map(({ text }) => text).join("\n")
})

/** As the model reads them; what it writes between the marks becomes a citation. */
export const outputOf = (results: ReadonlyArray<Json>): string =>
  results.length === 0
    ? "Nothing was found in the files."
    : [
      "Pieces of files, the best first. Behind each sentence that rests on one, cite its file as <|file id|>, " +
      `for example: It is cold in Oslo <|${textOrNull(results[0]!["file_id"]) ?? ""}|>.`,
      ...results.map(({ attributes, file_id, filename, score, text }, place) =>
        [
          `[${place + 1}] file id: ${textOrNull(file_id) ?? ""}, filename: ${textOrNull(filename) ?? ""}, score: ${
            Number(score).toFixed(3)
          }${isFields(attributes) && Object.keys(attributes).length > 0 ? `, ${JSON.stringify(attributes)}` : ""}`,
          textOrNull(text) ?? ""
        ].join("\n")
      )
    ].join("\n\n")

/** Of several searches, the best first; what two of them found stands once. */
const bestOf = (pages: ReadonlyArray<ReadonlyArray<SearchResult>>): ReadonlyArray<SearchResult> => {
  if (pages.length === 1) return pages[0]!
  const all = new Map(pages.flat().map((result) => [JSON.stringify([result.file_id, result.content]), result]))
  return [...all.values()].toSorted((one, other) => other.score - one.score)
}

export const tool = (
  stores: VectorStores["Service"],
  plan: Pick<FileSearchPlan, "searches">,
  searches: FileSearches
): ServerTool => ({
  spec: {
    name: toolName,
    description: "Searches the files of the user, and gives the pieces that fit best.",
    parameters
  },
  requiresApproval: false,
  invoke: (call) => {
    const queries = queriesIn(call.arguments)
    if (queries.length === 0) {
      return Effect.succeed({ output: "queries: say in words what is searched for.", is_error: true })
    }
    const search = Effect.forEach(
      plan.searches,
      ({ options, stores: ids }) => stores.search(ids, { ...options, query: queries })
    )
    return search.pipe(
      Effect.match({
        onSuccess: (pages) => {
          const data = bestOf(pages.map(({ data }) => data))
          searches.add(call.id, data)
          return { output: outputOf(data.map(shapeOf)), is_error: false }
        },
        onFailure: ({ message }) => ({ output: message, is_error: true })
      })
    )
  }
})
