/** Secrets in every place of real requests: the client and the vendor get them, no file of the log does. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { apis } from "../../src/apis/Apis.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { sha256 } from "../../src/events/types/Traffic.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import type { ReceivedRequest } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Sdk } from "../support/Sdk.ts"
import { SecretForms } from "../support/SecretForms.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

const clientKey = "client/key+with \"all\" of\\it"
const upstreamKey = "upstream-key-0123456789"
const groq = `gsk_${SecretForms.body(52)}`
const password = "hunter2/2\"2"
const card = "4111 1111 1111 1111"
const tenant = "acme-corp-1"
const pem = SecretForms.pem("PRIVATE KEY")

/** What no byte of the data folder may hold: as it is, and as JSON writes it. */
const written = (secret: string) => [secret, JSON.stringify(secret).slice(1, -1)]
const secrets = [clientKey, upstreamKey, groq, password, card, tenant, pem.split("\n")[1]!].flatMap(written)

const said = `keys: ${clientKey}, ${upstreamKey}, ${groq}\n${pem}\ncard ${card}, ${JSON.stringify({ password })}`
const request = {
  model: "upstream/m",
  messages: [
    { role: "user" as const, content: said },
    {
      role: "assistant" as const,
      tool_calls: [{
        id: "call_1",
        type: "function" as const,
        function: { name: "login", arguments: JSON.stringify({ user: "ada", password, nested: said }) }
      }]
    }
  ],
  metadata: { tenant },
  user: groq
}

const pieces = (text: string) => text.match(/[\s\S]{1,7}/g) ?? []
const chunks = pieces(said).map((content) => ({
  id: "1",
  choices: [{ index: 0, delta: { content }, finish_reason: null }]
}))
const completion = {
  id: "1",
  choices: [{ index: 0, message: { role: "assistant", content: said }, finish_reason: "stop" }]
}
const respond = ({ body }: ReceivedRequest) =>
  Object(body).stream === true
    ? ScriptedAnswer.events(chunks, { headers: { "x-vendor-token": groq } })
    : Object(body).user === "refuse"
    ? ScriptedAnswer.error(401, said)
    : ScriptedAnswer.json(200, completion, { "x-vendor-token": groq, "set-cookie": `a=${groq}`, "x-said": groq })

const start = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond })
  const strata = yield* Strata.make({
    recording: {
      redact: [{ name: "tenant" }, { pattern: "\\b\\d{4}(?: \\d{4}){3}\\b", replacement: "card" }]
    },
    providers: [Strata.openAi(upstream, { api_key: upstreamKey, models: ["m"] })]
  })
  return { strata, upstream }
})

/** Neither in the events, which the log may hold compressed, nor in a file. */
const assertNoSecret = (
  events: ReadonlyArray<RecordedEvent>,
  folder: string,
  forbidden: ReadonlyArray<string>
) => {
  const text = events.map((event) => Object.values(event).join("\n")).join("\n")
  for (const secret of forbidden) assert.isFalse(text.includes(secret), `${secret} in an event`)
  const files = readdirSync(folder)
  assert.include(files, "strata.db")
  for (const file of files) {
    const bytes = readFileSync(join(folder, file))
    for (const secret of forbidden) assert.isFalse(bytes.includes(secret), `${secret} in ${file}`)
  }
}

const sessions = ["json", "stream", "refused", "unknown"] as const

describe("Redaction", () => {
  it.live("masks what is stored, and only that", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* start
      const client = Sdk.make(strata.url, { apiKey: clientKey })
      const ask = (session: string, body: Schema.JsonObject) =>
        Sdk.ask(client, body, { "x-strata-session-id": session, "x-api-key": groq, tenant })
      const sent = request as unknown as Schema.JsonObject
      const answers = [
        yield* ask("json", sent),
        yield* ask("stream", { ...sent, stream: true }),
        yield* ask("refused", { ...sent, user: "refuse" }),
        yield* ask("unknown", { ...sent, model: groq })
      ]

      const [json, stream, refused] = answers.map(({ answer }) => answer)
      assert.deepStrictEqual(json, { _tag: "Json", status: 200, body: completion })
      assert.deepStrictEqual(stream, { _tag: "Stream", status: 200, chunks })
      assert.strictEqual(Object(refused).status, 401)
      assert.include(JSON.stringify(refused), groq)
      assert.deepStrictEqual(upstream.received.map(({ body }) => Object(body).messages), [
        request.messages,
        request.messages,
        request.messages
      ])

      const events = yield* strata.events()
      for (const event of events) {
        const payload = payloadOf(event)
        const definition = apis.catalog.find(event.type)!
        const decoded = Schema.decodeExit(definition.payload as Schema.Codec<unknown, Schema.Json>)(payload)
        assert.strictEqual(decoded._tag, "Success", `${event.type}: ${event.payload}`)
        const { body, frames, sha256: digest } = Object(payload)
        if (event.level === "raw") {
          const text = body ?? frames.map(([, frame]: [number, string]) => frame).join("")
          assert.strictEqual(digest, sha256(text), event.type)
        }
        if (body?.startsWith("{") === true) JSON.parse(body)
        for (const [, frame] of frames ?? []) if (frame.startsWith("data: {") === true) JSON.parse(frame.slice(6))
      }
      assert.include(JSON.stringify(events), "[REDACTED:card]")
      assertNoSecret(events, strata.folder, secrets)
      yield* strata.close
      assertNoSecret([], strata.folder, secrets)

      const reports = yield* verify(strata.folder, sessions)
      assert.deepStrictEqual(
        reports.map(({ divergence, session, skipped }) => ({ divergence, session, skipped })),
        sessions.map((session) => ({ divergence: undefined, session, skipped: [] }))
      )
    }).pipe(Effect.scoped))

  it.live("refuses a session id that is a key", () =>
    Effect.gen(function*() {
      const { strata } = yield* start
      const headers = { "x-strata-session-id": groq }
      const { json, status } = yield* Http.post(strata.url, "/v1/chat/completions", request, headers)
      assert.strictEqual(status, 400)
      assert.strictEqual(Object(json).error.param, "x-strata-session-id")
      assertNoSecret(yield* strata.events(), strata.folder, [groq])
    }).pipe(Effect.scoped))
})

const places = ["content", "key", "arguments", "url", "header", "answer", "stream", "error"] as const

/** Answers with the secret, in the place that the model's name says. */
const echo = ({ body }: ReceivedRequest): ScriptedAnswer => {
  const text = String(Object(body).user)
  const stream = pieces(text).map((content) => ({ id: "1", choices: [{ index: 0, delta: { content } }] }))
  switch (Object(body).model) {
    case "stream":
      return ScriptedAnswer.events(stream)
    case "error":
      return ScriptedAnswer.error(500, text)
    default:
      return ScriptedAnswer.json(200, { id: "1", choices: [], text, within: JSON.stringify({ text }) })
  }
}

describe("Redaction of any secret", () => {
  const Given = Schema.Array(Schema.Struct({
    form: Schema.Literals(SecretForms.forms.map((_, index) => index) as [number, ...Array<number>]),
    place: Schema.Literals(places),
    around: Schema.Tuple([Schema.String, Schema.String])
  })).check(Schema.isMinLength(1), Schema.isMaxLength(4))

  it.live.prop("in any place is in no stored byte", { given: Given }, ({ given }) =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: echo })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: [...places] })] })
      for (const { around, form, place } of given) {
        const { after = "", before = "", secret } = SecretForms.forms[form]!
        const text = `${around[0]} ${before}${secret}${after} ${around[1]}`
        const oneLine = `${before}${secret.replaceAll("\n", "")}${after}`
        const body = {
          model: `upstream/${place}`,
          stream: place === "stream",
          messages: [{ role: "user", content: place === "arguments" ? JSON.stringify({ text }) : text }],
          user: text,
          ...(place === "key" ? { [text]: text } : {})
        }
        const path = place === "url" ? `/v1/chat/completions?q=${encodeURIComponent(oneLine)}` : "/v1/chat/completions"
        yield* Http.post(strata.url, path, body, place === "header" ? { "x-note": oneLine } : {})
        const events = yield* strata.events()
        for (const event of events) payloadOf(event)
        const parts = secret.includes("\n") ? [secret.split("\n")[1]!] : [secret]
        assertNoSecret(events, strata.folder, parts)
      }
    }).pipe(Effect.scoped), { arbitrary: { runs: 40 } })
})
