/** Two Stratas, each in a process of its own: a client asks the first, whose provider is the second. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Chat } from "../../../support/Chat.ts"
import { Http } from "../../../support/Http.ts"
import { Sdk } from "../../../support/Sdk.ts"
import * as StrataProcess from "../../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"
import { verify } from "../../../support/verify.ts"

const sample = fileURLToPath(new URL("../../../../samples/first-light.ndjson", import.meta.url))

const serve = (folder: string, name: string, provider: string, port = 0) => {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  return StrataProcess.serve({ folder: own, port, configuration: `providers:\n  inference:\n    - ${provider}\n` })
}

const serveB = (folder: string, port?: number) =>
  serve(folder, "b", `{ provider_id: sample, provider_type: "inline::replay", config: { file: "${sample}" } }`, port)

const serveA = (folder: string, url: string) =>
  serve(folder, "a", `{ provider_id: b, provider_type: "remote::strata", config: { base_url: "${url}" } }`)

const messages = [{ role: "user" as const, content: "Say hello." }]
const session = "across"
const inSession = { "x-strata-session-id": session }

/** What the official client makes of an answer, whole and streamed. */
const answers = Effect.fnUntraced(function*(url: string, model: string) {
  const client = Sdk.make(url)
  const whole = yield* Sdk.ask(client, { model, messages }, inSession)
  const streamed = yield* Sdk.ask(client, { model, messages, stream: true }, inSession)
  return [whole.answer, streamed.answer]
})

describe("remote::strata in two processes", () => {
  it.live(
    "answers as the other does, says that it is down, goes on when it is back, and is verified without it",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const b = yield* serveB(folder)
        const a = yield* serveA(folder, b.url)

        const far = yield* answers(a.url, "b/sample/sample-1")
        assert.deepStrictEqual(far, yield* answers(b.url, "sample/sample-1"))
        assert.deepStrictEqual(far.map(({ _tag, status }) => [_tag, status]), [["Json", 200], ["Stream", 200]])

        yield* b.kill("SIGTERM")
        const ask = Chat.ask(a.url, { model: "b/sample/sample-1", content: "Say hello.", session })
        const down = yield* ask
        assert.strictEqual(down.status, 502)
        const { error } = down.json as { readonly error: { readonly message: string; readonly code: string } }
        assert.strictEqual(error.code, "provider_unreachable")
        assert.match(error.message, /^The provider b could not be reached: .*ECONNREFUSED/)

        const again = yield* serveB(folder, Number(new URL(b.url).port))
        const back = yield* ask
        assert.strictEqual(back.status, 200)
        assert.deepStrictEqual(back.json, far[0]?._tag === "Json" ? far[0].body : undefined)

        const [first] = yield* Http.send(again.url, `/v1/sessions/${session}/events`).pipe(
          Effect.map(({ text }) => text.match(/"x-strata-hops":"1"/g) ?? [])
        )
        assert.isDefined(first, "the other's log has the session by the same id")

        yield* again.kill("SIGTERM")
        const online = yield* StrataProcess.run(["replay", session, "--verify", "--data", a.data], { folder })
        assert.strictEqual(online.stdout, `Session ${session}: identical (4 requests run again).\n`)
        yield* a.kill("SIGTERM")
        const [report] = yield* verify(a.data, [session])
        assert.deepStrictEqual(report, { session, requests: 4, skipped: [], divergence: undefined, around: [] })
      }),
    60_000
  )
})
