/** A vendor whose streams have a framing of their own, behind a Strata that records all. */
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import * as Adapters from "./Adapters.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Strata } from "./Strata.ts"
import * as Vendors from "./Vendors.ts"

interface Options {
  readonly adapter: Adapters.Adapter
  /** Values of the stream, or its bytes. */
  readonly stream: ReadonlyArray<Schema.Json | Uint8Array>
  readonly body?: Schema.Json
  readonly config?: Schema.JsonObject
  /** Where its models are listed, and what is answered there. */
  readonly lists?: Readonly<Record<string, Schema.Json>>
}

export const make = Effect.fnUntraced(function*({ adapter, body = {}, config = {}, lists = {}, stream }: Options) {
  const type = adapter.name.slice("remote::".length)
  const { dialect } = adapter
  const frames = stream.flatMap((each) =>
    each instanceof Uint8Array
      ? [each]
      : Adapters.framesOf(dialect, [Buffer.from(`data: ${JSON.stringify(each)}\n\n`)])
  )
  const vendor = yield* FakeUpstream.make({
    respond: ({ body: asked, method, path }) => {
      const list = lists[path.split("?")[0]!]
      if (list !== undefined) return ScriptedAnswer.json(200, list)
      if (method === "GET") return undefined
      return Object(asked).stream === true || path.includes("stream")
        ? Vendors.frames(frames, { headers: { "content-type": Adapters.contentTypeOf(dialect) } })
        : ScriptedAnswer.json(200, body)
    }
  })
  const entry = Vendors.entry(type, vendor, { ...adapter.config, ...config })
  const strata = yield* Strata.make({ level: "raw", providers: [entry] })
  return {
    vendor,
    strata,
    asked: () => vendor.received.filter(({ method }) => method === "POST"),
    post: (path: string, body: Schema.JsonObject) =>
      Http.post(strata.url, path, { model: `${type}/m`, messages: [{ role: "user", content: "Hello?" }], ...body }, {
        "x-strata-session-id": "s"
      }),
    payloads: (type: string) =>
      Effect.map(strata.events({ types: [type] }), (events) => events.map((event) => Object(payloadOf(event)))),
    verified: Effect.map(Http.post(strata.url, "/v1/sessions/s/verify", {}), ({ json }) => Object(json))
  }
})
