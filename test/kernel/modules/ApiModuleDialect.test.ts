/** A dialect that an API from outside brings: its answers are turns, in the session's list, its state and its forks. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { parse } from "../../../src/events/types/JsonAccess.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import * as ApiHandlers from "../../../src/kernel/modules/ApiHandlers.ts"
import * as ApiModule from "../../../src/kernel/modules/ApiModule.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

const Request = Schema.Struct({ model: Schema.String, lines: Schema.Array(Schema.JsonObject) })
const Answer = Schema.Struct({ verse: Schema.String })

const group = HttpApiGroup.make("verses").add(
  HttpApiEndpoint.post("createVerse", "/v1/verses", { payload: Request, success: Answer })
)

const handlers = ApiHandlers.make(
  group,
  (handlers) =>
    Effect.succeed(
      handlers.handle("createVerse", ({ payload }) => Effect.succeed({ verse: `verse ${payload.lines.length}` }))
    )
)

const verses: Dialect = {
  ...chat,
  name: "verses",
  conversation: {
    ...chat.conversation,
    messages: ({ lines }) => lines as ReadonlyArray<Schema.JsonObject>,
    answer: (text) => ({ message: parse(text) as Schema.JsonObject, finish_reason: "rhymed" }),
    request: (before, model, lines) => ({ ...before, model, lines })
  }
}

const VersesModule = ApiModule.make({
  name: "verses",
  routes: group,
  dialects: { createVerse: verses },
  live: () => Promise.resolve({ live: ApiModule.live({ handlers }) })
})

const headers = { "content-type": "application/json", "x-strata-session-id": "s" }

describe("a dialect from outside", () => {
  it.live("is the one its operation's sessions, states and forks are in", () =>
    Effect.gen(function*() {
      const strata = yield* Strata.make({ external: [VersesModule] })
      const body = JSON.stringify({ model: "bard", lines: [{ line: "O sea" }] })
      const asked = yield* Http.send(strata.url, "/v1/verses", { method: "POST", headers, body })
      assert.deepStrictEqual([asked.status, asked.json], [200, { verse: "verse 1" }])

      const { json: session } = yield* Http.send(strata.url, "/v1/sessions/s")
      assert.deepInclude(Object(session), { turn_count: 1 })
      const { json: state } = yield* Http.send(strata.url, "/v1/sessions/s/state")
      assert.deepStrictEqual(Object(state).messages, [{ line: "O sea" }, { verse: "verse 1" }])
      assert.deepInclude(Object(state).turns[0], {
        model: "bard",
        finish_reason: "rhymed",
        answer: { verse: "verse 1" }
      })
      const { json: fork } = yield* Http.post(strata.url, "/v1/sessions/s/fork", {})
      assert.deepStrictEqual(Object(fork).next_request, {
        model: "bard",
        lines: [{ line: "O sea" }, { verse: "verse 1" }]
      })
    }).pipe(Effect.scoped))
})
