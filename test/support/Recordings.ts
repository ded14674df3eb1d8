/** Real vendor traffic recorded outside of the repository: typed, and absent without harm (see `reason`). */
import { Schema } from "effect"
import { existsSync, readdirSync, readFileSync } from "node:fs"

export const Vendor = Schema.Literals([
  "openai",
  "azure",
  "ollama",
  "vllm",
  "bedrock",
  "watsonx",
  "gemini",
  "vertex",
  "tool"
])
export type Vendor = typeof Vendor.Type

export const Endpoint = Schema.Literals([
  "/v1/chat/completions",
  "/v1/embeddings",
  "/v1/models",
  "/v1/messages",
  "/v1beta/interactions",
  "/generate_content",
  "/generate_content_stream",
  "web_search"
])
export type Endpoint = typeof Endpoint.Type

const Line = Schema.Struct({
  session: Schema.NullOr(Schema.String),
  vendor: Vendor,
  endpoint: Endpoint,
  streaming: Schema.Boolean,
  request: Schema.JsonObject,
  status: Schema.optionalKey(Schema.Int),
  response: Schema.optionalKey(Schema.Json),
  chunks: Schema.optionalKey(Schema.Array(Schema.Json)),
  error: Schema.optionalKey(Schema.Struct({ status_code: Schema.Int, message: Schema.String, body: Schema.Json }))
})
const decodeLine = Schema.decodeUnknownSync(Schema.fromJsonString(Line))

export type RecordedAnswer =
  | { readonly _tag: "Json"; readonly status: number; readonly body: Schema.Json }
  /** Decoded chunk objects; for `/v1/messages` and interactions the raw lines of the event stream. */
  | { readonly _tag: "Stream"; readonly status: number; readonly chunks: ReadonlyArray<Schema.Json> }
  /** A vendor's error, with the body as it was on the wire. */
  | { readonly _tag: "Error"; readonly status: number; readonly body: Schema.Json }

export interface Exchange {
  readonly vendor: Vendor
  readonly session: string | null
  readonly endpoint: Endpoint
  /** Whether the answer was a stream; an error is never one, also where `request.stream` is true. */
  readonly streaming: boolean
  readonly request: Schema.JsonObject
  readonly answer: RecordedAnswer
}

export interface RecordedSession {
  readonly session: string | null
  readonly exchanges: ReadonlyArray<Exchange>
}

export interface RecordingsFilter {
  readonly vendors?: ReadonlyArray<Vendor>
  readonly endpoint?: Endpoint
}

const folder = new URL("../../../shared/recordings/", import.meta.url)
const available = existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".jsonl"))
const reason = available ? "" : "no recorded vendor traffic at ../shared/recordings"

/** The vendor's SDK unwraps `{"error": body}`; a body that still has an `error` key was not unwrapped. */
const wireBody = (body: Schema.Json): Schema.Json =>
  typeof body === "object" && body !== null && "error" in body ? body : { error: body }

const answerOf = (line: typeof Line.Type, place: string): RecordedAnswer => {
  if (line.error !== undefined) {
    return { _tag: "Error", status: line.error.status_code, body: wireBody(line.error.body) }
  }
  if (line.status !== undefined && line.chunks !== undefined) {
    return { _tag: "Stream", status: line.status, chunks: line.chunks }
  }
  if (line.status !== undefined && line.response !== undefined) {
    return { _tag: "Json", status: line.status, body: line.response }
  }
  throw new Error(`${place}: a recorded line without an answer`)
}

const cache = new Map<Vendor, ReadonlyArray<Exchange>>()

const readVendor = (vendor: Vendor): ReadonlyArray<Exchange> => {
  const known = cache.get(vendor)
  if (known !== undefined) return known
  const file = new URL(`${vendor}.jsonl`, folder)
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : []
  const exchanges = lines.flatMap((text, index): ReadonlyArray<Exchange> => {
    if (text.trim() === "") return []
    const line = decodeLine(text)
    const { endpoint, request, session, streaming } = line
    const answer = answerOf(line, `${vendor}.jsonl:${index + 1}`)
    return [{ vendor: line.vendor, session, endpoint, streaming, request, answer }]
  })
  cache.set(vendor, exchanges)
  return exchanges
}

/** All exchanges of these vendors (default: all) at this endpoint (default: any), in file order; empty when absent. */
const load = ({ endpoint, vendors = Vendor.literals }: RecordingsFilter = {}): ReadonlyArray<Exchange> =>
  vendors.flatMap(readVendor).filter((exchange) => endpoint === undefined || exchange.endpoint === endpoint)

/** The same by session, in the order of first appearance; a line of no known session is a session of its own. */
const loadSessions = (filter: RecordingsFilter = {}): ReadonlyArray<RecordedSession> => {
  const sessions: Array<{ session: string | null; exchanges: Array<Exchange> }> = []
  const bySession = new Map<string, Array<Exchange>>()
  for (const exchange of load(filter)) {
    const known = exchange.session === null ? undefined : bySession.get(exchange.session)
    if (known !== undefined) {
      known.push(exchange)
      continue
    }
    const exchanges = [exchange]
    sessions.push({ session: exchange.session, exchanges })
    if (exchange.session !== null) bySession.set(exchange.session, exchanges)
  }
  return sessions
}

export const Recordings = { available, reason, load, loadSessions }
