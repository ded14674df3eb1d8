/** `api:response` says in short what was answered: the scalar fields that the operation's Schema has, and no secret. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mask } from "../../src/events/redaction/Mask.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import { Strata } from "../support/Strata.ts"

const key = "sk-abcdefghijklmnopqrstuvwxyz012345"
const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [] }
const completion = {
  id: `chat-of ${key}`,
  object: "chat.completion",
  created: 7,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  unknown: "not of the Schema"
}

const chat = (stream: boolean) => ({ model: "upstream/m", stream, messages: [{ role: "user", content: "Hello?" }] })

interface Row {
  readonly operation: string
  readonly method?: string
  readonly path: string
  readonly body?: unknown
  /** Some of it; undefined: there is none. */
  readonly summary: Readonly<Record<string, unknown>> | undefined
}

/** In order: the later ask for what the earlier have made. */
const rows: ReadonlyArray<Row> = [
  {
    operation: "createChatCompletion",
    path: "/v1/chat/completions",
    body: chat(false),
    summary: { id: `chat-of ${mask}`, object: "chat.completion", created: 7, model: "m" }
  },
  { operation: "createChatCompletion", path: "/v1/chat/completions", body: chat(true), summary: undefined },
  { operation: "listModels", method: "GET", path: "/v1/models", summary: { object: "list" } },
  {
    operation: "registerModel",
    path: "/v1/models",
    body: { model_id: "mine", provider_model_id: "m", metadata: { api_key: "hunter22-hunter22" } },
    summary: { id: "mine", object: "model", provider_id: "upstream", provider_model_id: "m", source: "api" }
  },
  { operation: "retrieveModel", method: "GET", path: "/v1/models/mine", summary: { id: "mine", object: "model" } },
  {
    operation: "unregisterModel",
    method: "DELETE",
    path: "/v1/models/mine",
    summary: { id: "mine", object: "model", deleted: true }
  },
  {
    operation: "createSession",
    path: "/v1/sessions",
    body: { id: "one" },
    summary: { id: "one", object: "session", status: "active", outcome: null, turn_count: 0 }
  },
  {
    operation: "forkSession",
    path: "/v1/sessions/one/fork",
    body: { session_id: "two" },
    summary: { object: "session.fork", turn: 0 }
  },
  {
    operation: "endSession",
    path: "/v1/sessions/one/end",
    body: { status: "failed" },
    summary: { id: "one", status: "ended", outcome: "failed" }
  }
]

describe("the summary of an answer", () => {
  it.live("has the scalar fields of its Schema, and no secret", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({
        models: ["m"],
        respond: ({ body }) =>
          Object(body).stream === true
            ? ScriptedAnswer.events([chunk])
            : ScriptedAnswer.json(200, completion)
      })
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream)] })
      for (const { body, method = "POST", operation, path, summary } of rows) {
        const answer = yield* (body === undefined
          ? Http.send(strata.url, path, { method })
          : Http.post(strata.url, path, body))
        const requestId = String(answer.headers["x-request-id"])
        const [event] = yield* strata.events({ requestId, types: ["api:response"] })
        assert.isDefined(event, `${operation}: ${answer.status} ${answer.text}`)
        const payload = Object(payloadOf(event!))
        assert.strictEqual(payload.operation, operation)
        if (summary === undefined) assert.notProperty(payload, "payload")
        else assert.deepInclude(payload.payload, summary)
        for (const value of Object.values(payload.payload ?? {})) assert.isFalse(Object(value) === value)
        assert.notProperty(payload.payload ?? {}, "unknown")
      }
      const stored = JSON.stringify(yield* strata.events())
      for (const secret of [key, "hunter22"]) assert.notInclude(stored, secret)
    }).pipe(Effect.scoped))
})
