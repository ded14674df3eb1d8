/** Cases that people have reported of gateways, by id: what a vendor answers, and what a client and the log get of it. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Scope } from "effect"
import type { Socket } from "node:net"
import * as zlib from "node:zlib"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import cases from "../samples/public-cases.json" with { type: "json" }
import type { HttpAnswer } from "./Http.ts"
import { Http } from "./Http.ts"
import * as RawVendor from "./RawVendor.ts"
import { Strata } from "./Strata.ts"
import { verify } from "./verify.ts"

interface VendorAnswer {
  readonly "status"?: number
  readonly "headers"?: Readonly<Record<string, string>>
  readonly "content-type"?: string
  readonly "content-encoding"?: string
  readonly "body"?: string
  readonly "chunks"?: ReadonlyArray<string>
  readonly "end"?: "clean" | "reset"
  readonly "gzip"?: string
}

const caseOf = (id: string) => {
  const given = cases.find((each) => each.id === id)
  assert.isDefined(given, id)
  return given!
}

/** The name of a case's test. */
export const nameOf = (id: string): string => `${id}: ${caseOf(id).title}`

export const inputOf = (id: string): Readonly<Record<string, unknown>> => caseOf(id).input

/** Where the case says it in values, and not in words alone. */
export const expectedOf = (id: string): Readonly<Record<string, unknown>> => Object(caseOf(id).expected)

export const requestOf = (id: string) => inputOf(id)["request"] as { readonly stream?: boolean }

export const vendorOf = (id: string): VendorAnswer => inputOf(id)["vendor"] as VendorAnswer

export const chunksOf = (id: string): ReadonlyArray<string> => vendorOf(id).chunks ?? []

/** Writes an answer; of a stream, chunk by chunk. `staysOpen`: its end never comes. */
export const write = (given: VendorAnswer, staysOpen = false) => (socket: Socket) => {
  const { body, chunks = [], end, gzip, headers, status = 200 } = given
  const encoding = given["content-encoding"]
  if (body !== undefined) {
    const type = { "content-type": "application/json", ...headers }
    const answer = encoding === undefined
      ? RawVendor.answerOf(body, { headers: type, status: `${status} Status` })
      : RawVendor.answerOf(zlib.gzipSync(body), { headers: { ...type, "content-encoding": encoding } })
    return Effect.sync(() => void socket.write(answer))
  }
  socket.write(RawVendor.chunkedHead(headers ?? { "content-type": "text/event-stream" }))
  if (gzip !== undefined) return Effect.map(RawVendor.writeCompressed(socket, chunks), (finish) => finish())
  return Effect.andThen(
    RawVendor.writeChunks(socket, chunks),
    Effect.suspend(() => {
      if (end === "reset") return RawVendor.reset(socket, 100)
      return Effect.sync(() => staysOpen || void socket.write(RawVendor.lastChunk))
    })
  )
}

export interface Outcome {
  readonly vendor: RawVendor.RawVendor
  readonly answered: HttpAnswer
  readonly frames: ReadonlyArray<string>
  /** Of default events, by type. */
  readonly payloads: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  /** All that is in the log. */
  readonly log: string
}

/** What is asked, and what the vendor does then. */
export interface Round {
  readonly request: object
  readonly answer: (socket: Socket, request: RawVendor.RawRequest) => unknown
}

interface Options {
  /** Of the provider. */
  readonly config?: object
  readonly headers?: Readonly<Record<string, string>>
  /** Of the section `server`. */
  readonly server?: object
}

/** Asks a Strata in front of a vendor, each in a session of its own, and verifies what it recorded. */
export const askEach = Effect.fnUntraced(function*(
  rounds: ReadonlyArray<Round>,
  { config = {}, headers = {}, server = {} }: Options = {}
): Effect.fn.Return<ReadonlyArray<Outcome>, never, Scope.Scope> {
  let round = rounds[0]!
  const vendor = yield* RawVendor.make((socket, received) =>
    received.text.startsWith("GET") ? socket.write(RawVendor.answerOf(`{"data":[]}`)) : round.answer(socket, received)
  )
  const strata = yield* Strata.make({
    server,
    providers: [{
      provider_id: "v",
      provider_type: "remote::openai",
      config: { base_url: `${vendor.url}/v1`, models: ["m"], ...config }
    }]
  })
  const outcomes: Array<Outcome> = []
  for (const [index, each] of rounds.entries()) {
    round = each
    const sessionId = `s${index}`
    const answered = yield* Http.post(strata.url, "/v1/chat/completions", { ...each.request, model: "v/m" }, {
      "x-strata-session-id": sessionId,
      ...headers
    })
    const events = yield* strata.events({ sessionId })
    const payloads = new Map<string, Readonly<Record<string, unknown>>>(
      events.filter(({ level }) => level === "default").map((event) => [event.type, Object(payloadOf(event))])
    )
    const frames = answered.text.split("\n\n").filter((frame) => frame !== "").map((frame) => `${frame}\n\n`)
    outcomes.push({ vendor, answered, frames, payloads, log: JSON.stringify(events) })
  }
  yield* strata.close
  for (const verified of yield* verify(strata.folder, rounds.map((_, index) => `s${index}`))) {
    assert.deepInclude(verified, { requests: 1, skipped: [], divergence: undefined })
  }
  return outcomes
})

export const ask = (request: object, answer: Round["answer"], options?: Options) =>
  Effect.map(askEach([{ request, answer }], options), ([outcome]) => outcome!)

/** The code of the error that a frame, or a body, says. */
export const codeIn = (text: string | undefined): unknown =>
  Object(JSON.parse((text ?? "{}").replace(/^data:/, ""))).error?.code
