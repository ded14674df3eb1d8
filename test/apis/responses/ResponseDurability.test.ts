/** A response is in the log when its client has it: whoever makes it, whole or streamed, and however the server ends then. */
// @effect-diagnostics asyncFunction:off globalFetch:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import * as ResponsesVendor from "../../support/ResponsesVendor.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const input = [{ type: "message", role: "user", content: "What is the weather?" }]

const completed = /event: response\.completed\ndata: (.*)\n\n/

/** The response, as soon as its client has it: nothing behind it is waited for. */
const received = async (url: string, model: string, stream: boolean): Promise<unknown> => {
  const answer = await fetch(`${url}/v1/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, input, stream })
  })
  if (!stream) return answer.json()
  let text = ""
  for await (const bytes of answer.body!) {
    text += Buffer.from(bytes).toString()
    const last = completed.exec(text)?.[1]
    if (last !== undefined) return field(JSON.parse(last), "response")
  }
  throw new Error(`the stream ended without its response: ${text}`)
}

const ways = [
  { model: "chat/m", stream: false },
  { model: "chat/m", stream: true },
  { model: "native/m", stream: false },
  { model: "native/m", stream: true }
]

describe("a response that its client has", () => {
  it.live.each(ways)(
    "of $model, streamed $stream, is there once after kill -9",
    ({ model, stream }) =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const chat = yield* FakeUpstream.make({ respond: Chat.answering(["It ", "rains."]), models: ["m"] })
        const native = yield* FakeUpstream.make({ respond: ResponsesVendor.respond, models: ["m"] })
        const provider = (provider_id: string, { url }: { readonly url: string }, more: object) => ({
          provider_id,
          provider_type: "remote::openai",
          config: { base_url: url, models: ["m"], ...more }
        })
        const configuration = JSON.stringify({
          providers: { inference: [provider("chat", chat, {}), provider("native", native, { api: "responses" })] }
        })
        const start = StrataProcess.serve({ folder, configuration })
        const first = yield* start
        const response = yield* Effect.promise(() => received(first.url, model, stream))
        yield* first.kill("SIGKILL")
        const second = yield* start
        const kept = yield* Http.send(second.url, `/v1/responses/${String(field(response, "id"))}`)
        assert.deepStrictEqual(kept.json, response)
        const list = yield* Http.send(second.url, "/v1/responses")
        assert.deepStrictEqual(listOf(field(list.json, "data")).map((each) => field(each, "id")), [
          field(response, "id")
        ])
      }).pipe(Effect.scoped),
    60_000
  )
})
