/** `GET /metrics`: what monitoring reads of a server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

/** The value of a series: its name, and labels in any order. */
const valueOf = (text: string, name: string, labels: Readonly<Record<string, string>> = {}): number | undefined => {
  const line = text.split("\n").find((line) =>
    (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) &&
    Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`))
  )
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ") + 1))
}

const metricsOf = (url: string, path = "/metrics") => Http.send(url, path)

const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Yes." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1000, completion_tokens: 20, total_tokens: 1020 }
}

const call = { gen_ai_operation_name: "chat", gen_ai_provider_name: "upstream", gen_ai_request_model: "m" }

describe("GET /metrics", () => {
  it.live("counts requests by operation and status, and calls with their tokens, as they come", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, completion) })
      const { url } = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      const requests = (text: string, status: number) =>
        valueOf(text, "http_server_request_duration_seconds_count", {
          operation: "createChatCompletion",
          http_response_status_code: String(status)
        })
      assert.strictEqual(requests((yield* metricsOf(url)).text, 200), undefined)
      for (const model of ["m", "m", "absent"]) yield* Chat.ask(url, { model })
      const { headers, status, text } = yield* metricsOf(url)
      assert.strictEqual(status, 200)
      assert.match(String(headers["content-type"]), /^text\/plain; version=0\.0\.4/)
      assert.strictEqual(requests(text, 200), 2)
      assert.strictEqual(requests(text, 404), 1)
      assert.strictEqual(valueOf(text, "gen_ai_client_operation_duration_seconds_count", call), 2)
      const tokens = (type: string) =>
        valueOf(text, "gen_ai_client_token_usage_sum", { ...call, gen_ai_token_type: type })
      assert.deepStrictEqual([tokens("input"), tokens("output")], [2000, 40])
      assert.strictEqual(valueOf(text, "strata_metrics_unread_events"), 0)
      assert.isAbove(valueOf(text, "strata_log_position") ?? 0, 0)

      yield* Chat.ask(url, { model: "m" })
      assert.strictEqual(requests((yield* metricsOf(url)).text, 200), 3)
      assert.strictEqual(requests((yield* metricsOf(url)).text, 200), 3)
    }))

  it.live("counts a call that failed with the type of its error", () =>
    Effect.gen(function*() {
      const refusal = { error: { message: "Slow down.", type: "rate_limit_error", code: null, param: null } }
      const upstream = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(429, refusal) })
      const { url } = yield* Strata.make({ providers: [Strata.openAi(upstream, { models: ["m"] })] })
      yield* Chat.ask(url, { model: "m" })
      const { text } = yield* metricsOf(url)
      const failed = text.split("\n").filter((line) =>
        line.startsWith("gen_ai_client_operation_duration_seconds_count{")
      )
      assert.strictEqual(failed.length, 1)
      assert.include(failed[0], "error_type=\"")
    }))

  it.live("says how old the oldest work is that nobody has begun, and how the process is", () =>
    Effect.gen(function*() {
      const { url } = yield* Strata.make({ providers: [] })
      const { text } = yield* metricsOf(url)
      assert.strictEqual(valueOf(text, "strata_work_oldest_queued_seconds"), 0)
      for (const status of ["queued", "running", "waiting"]) {
        assert.strictEqual(valueOf(text, "strata_work_items", { status }), 0)
      }
      assert.isAbove(valueOf(text, "process_resident_memory_bytes") ?? 0, 1e6)
      const before = valueOf(text, "process_cpu_seconds_total") ?? 0
      const after = valueOf((yield* metricsOf(url)).text, "process_cpu_seconds_total") ?? 0
      assert.isAtLeast(after, before)
      // Set, and not added up.
      assert.isBelow(after, before * 2)
      assert.strictEqual(text.split("\n").filter((line) => line.startsWith("strata_build_info")).length, 1)
    }))

  it.live("is for who may read the whole log, where there are rules", () =>
    Effect.gen(function*() {
      const { url } = yield* Strata.make({
        auth: {
          providers: [Keys.provider({ alice: {}, root: { attributes: { roles: ["admin"] } } })],
          access_policy: [{ permit: { actions: ["read"] }, when: "user with admin in roles" }]
        }
      })
      const ask = (headers: Record<string, string>) => Http.send(url, "/metrics", { headers })
      assert.strictEqual((yield* ask({})).status, 401)
      const denied = yield* ask(Keys.headers("alice"))
      assert.strictEqual(denied.status, 403)
      assert.strictEqual(Object(denied.json).error.code, "access_denied")
      assert.notInclude(denied.text, "strata_log_position")
      assert.strictEqual((yield* ask(Keys.headers("root"))).status, 200)
    }))
})
