import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import type { Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { Chat } from "../../support/Chat.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { contributed, says } from "../../support/HookedStrata.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import type { Strata } from "../../support/Strata.ts"
import { serve } from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as TurnWorld from "../../support/TurnWorld.ts"

type World = Effect.Success<ReturnType<typeof TurnWorld.given>>

const required = { approval: { require: "always" } }

const approvalsOf = (json: unknown): ReadonlyArray<{ readonly approval_id: string; readonly tool_call_id: string }> =>
  Object(json).approvals

const grant = (world: World, json: unknown, index = 0, more: Schema.JsonObject = { decision: "grant" }) =>
  world.at(`${Object(json).id}/approvals/${approvalsOf(json)[index]!.approval_id}`, more)

const typesOf = (strata: Strata) =>
  Effect.map(strata.events({ types: ["approval:*", "execution:*"] }), (events) => events.map(({ type }) => type))

const source = (path: string) => new URL(`../../../src/${path}`, import.meta.url).href

/** A tool from code, as a module of a configuration brings it. */
const toolsModule = `
import { Effect } from ${JSON.stringify(import.meta.resolve("effect"))}
import * as Tool from ${JSON.stringify(source("kernel/tools/Tool.ts"))}
import { CodeToolsOf } from ${JSON.stringify(source("providers/inline/code/CodeTools.ts"))}

const echo = Tool.make({ name: "echo", description: "Says it.", execute: () => Effect.succeed("echo 1") })
export const providers = [CodeToolsOf({ type: "inline::tools-of-test", description: "Tools.", tools: [echo] })]
`

const configuration = (upstream: FakeUpstream) =>
  Chat.configuration(
    upstream,
    `  tool_runtime:
    - { provider_id: tools, provider_type: "inline::tools-of-test", module: ./Tools.ts }
recording: { level: raw }
`
  )

const answering = (content: string | null, ...says: ReadonlyArray<string>) =>
  ScriptedAnswer.json(200, {
    id: "1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{
      index: 0,
      message: {
        role: "assistant",
        content,
        ...says.length === 0 ? {} : {
          tool_calls: says.map((say) => ({
            id: "call_0",
            type: "function",
            function: { name: "echo", arguments: JSON.stringify({ say }) }
          }))
        }
      },
      finish_reason: says.length === 0 ? "stop" : "tool_calls"
    }]
  })

const resultsIn = ({ body }: ReceivedRequest): number =>
  Object(body).messages.filter(({ role }: { readonly role: string }) => role === "tool").length

/** Its calls are `call_0`, in each of its answers. */
const countingAnew = (request: ReceivedRequest) => {
  if (request.body === undefined) return undefined
  const results = resultsIn(request)
  return results < 2 ? answering(null, String(results + 1)) : answering("Done.")
}

const givingOneIdTwice = (request: ReceivedRequest) => {
  if (request.body === undefined) return undefined
  return resultsIn(request) === 0 ? answering(null, "1", "2") : answering("Done.")
}

describe("An approval of a turn", () => {
  it.live("ends the request, and the last answer goes on with the turn", () =>
    Effect.gen(function*() {
      const world = yield* TurnWorld.given()
      const first = yield* world.ask("call echo 1, echo 2", required)
      assert.deepInclude(Object(first.json), { status: "requires_approval", iterations: 1 })
      assert.deepStrictEqual(approvalsOf(first.json).map(({ tool_call_id }) => tool_call_id), ["call_1_1", "call_1_2"])
      const refused = yield* world.ask("more")
      assert.strictEqual(refused.status, 409)
      assert.strictEqual(Object(refused.json).error.code, "turn_requires_approval")
      const one = yield* grant(world, first.json, 0, { decision: "deny", reason: "too loud" })
      assert.deepInclude(Object(one.json), { status: "requires_approval" })
      const again = yield* grant(world, first.json, 0)
      assert.strictEqual(again.status, 409)
      const two = yield* grant(world, first.json, 1)
      assert.deepInclude(Object(two.json), {
        id: Object(first.json).id,
        status: "completed",
        iterations: 2,
        approvals: []
      })
      assert.include(two.text, "too loud")
      assert.include(two.text, "echo 2")
      assert.deepStrictEqual(yield* typesOf(world.strata), [
        "execution:start",
        "approval:required",
        "approval:required",
        "execution:end",
        "approval:answered",
        "approval:answered",
        "execution:start",
        "approval:denied",
        "approval:granted",
        "execution:end"
      ])
      assert.deepInclude(Object(yield* world.verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live("is of one call: a later one that its model gives the same id needs its own", () =>
    Effect.gen(function*() {
      const world = yield* TurnWorld.given({ model: countingAnew })
      const first = yield* world.ask("go", required)
      assert.deepStrictEqual(approvalsOf(first.json).map(({ tool_call_id }) => tool_call_id), ["call_0"])
      const second = yield* grant(world, first.json)
      assert.strictEqual(Object(second.json).status, "requires_approval", second.text)
      assert.deepStrictEqual(approvalsOf(second.json).map(({ tool_call_id }) => tool_call_id), ["call_0"])
      assert.notInclude(second.text, "echo 2")
      const third = yield* grant(world, second.json, 0, { decision: "deny" })
      assert.strictEqual(Object(third.json).status, "completed", third.text)
      assert.notInclude(third.text, "echo 2")
      assert.deepInclude(Object(yield* world.verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live("is not asked for where two calls of an answer have one id: none of them is made", () =>
    Effect.gen(function*() {
      const said: Array<string> = []
      const tool = TurnWorld.echo("echo", (say) => Effect.sync(() => said.push(say)))
      const world = yield* TurnWorld.given({ model: givingOneIdTwice, tools: [tool] })
      const { json, text } = yield* world.ask("go", required)
      assert.strictEqual(Object(json).status, "completed", text)
      assert.include(text, "Two calls have the id call_0")
      assert.deepStrictEqual([said, approvalsOf(json)], [[], []])
    }).pipe(Effect.scoped))

  it.live("is waited for where the request says so, and the stream goes on", () =>
    Effect.gen(function*() {
      const world = yield* TurnWorld.given()
      const settings = { stream: true, approval: { require: ["echo"], timeout_seconds: 60 } }
      const asking = yield* Effect.forkChild(world.ask("call echo 1", settings))
      const [event] = yield* world.strata.awaitEvents({ types: ["approval:required"] })
      const { approval_id, turn } = Object(payloadOf(event!))
      const answer = yield* world.at(`${turn}/approvals/${approval_id}`, { decision: "grant" })
      assert.strictEqual(Object(answer.json).status, "in_progress")
      const { text } = yield* Fiber.join(asking)
      const names = text.split("\n").flatMap((line) => line.startsWith("event: ") ? [line.slice(7)] : [])
      const order = ["approval.required", "approval.granted", "tool.started", "tool.completed", "turn.ended"]
      assert.deepStrictEqual(names.filter((name) => order.includes(name)), order)
      assert.include(text, "Tools said echo 1")
      assert.deepInclude(Object(yield* world.verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live("that nobody answers in time is denied, and a verification does not wait for it", () =>
    Effect.gen(function*() {
      const world = yield* TurnWorld.given()
      const { json, text } = yield* world.ask("call echo 1", { approval: { require: "always", timeout_seconds: 0.05 } })
      assert.strictEqual(Object(json).status, "completed")
      assert.include(text, "nobody answered within 0.05 seconds")
      const [denied] = yield* world.strata.events({ types: ["approval:denied"] })
      assert.strictEqual(Object(payloadOf(denied!)).by, "timeout")
      assert.deepInclude(Object(yield* world.verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live.each([
    { name: "by the tool's definition", tool: { requires_approval: true }, hook: undefined, by: "tool" },
    {
      name: "by a hook",
      tool: {},
      hook: says("tool:pre", { action: "ask_user", approval_prompt: "Really?" }),
      by: "hook"
    }
  ])("is needed $name", ({ by, hook, tool }) =>
    Effect.gen(function*() {
      const world = yield* TurnWorld.given({
        tools: [TurnWorld.echo("echo", undefined, tool)],
        ...hook === undefined ? {} : { extensions: contributed([hook]) }
      })
      const { json } = yield* world.ask("call echo 1")
      assert.strictEqual(Object(json).status, "requires_approval")
      assert.strictEqual(Object(json).approvals[0].required_by, by)
      const done = yield* grant(world, json)
      assert.strictEqual(Object(done.json).status, "completed")
      assert.deepInclude(Object(yield* world.verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live.each([
    {
      name: "by the request's policy",
      settings: { approval: { require: "always", policy: "allow" } },
      hook: undefined,
      by: "policy",
      granted: true
    },
    {
      name: "by the request's policy",
      settings: { approval: { require: "always", policy: "deny" } },
      hook: undefined,
      by: "policy",
      granted: false
    },
    {
      name: "by a hook",
      settings: required,
      hook: says("approval:required", { action: "modify", data: { decision: "grant" } }),
      by: "hook",
      granted: true
    },
    {
      name: "by a hook",
      settings: required,
      hook: says("approval:required", { action: "deny", reason: "not today" }),
      by: "hook",
      granted: false
    }
  ])("is answered $name ($granted)", ({ by, granted, hook, settings }) =>
    Effect.gen(function*() {
      const world = yield* TurnWorld.given(hook === undefined ? {} : { extensions: contributed([hook]) })
      const { json, text } = yield* world.ask("call echo 1", settings)
      assert.strictEqual(Object(json).status, "completed")
      const [event] = yield* world.strata.events({ types: ["approval:granted", "approval:denied"] })
      assert.strictEqual(event!.type, granted ? "approval:granted" : "approval:denied")
      assert.strictEqual(Object(payloadOf(event!)).by, by)
      assert.strictEqual(text.includes("Tools said echo 1"), granted)
      assert.deepInclude(Object(yield* world.verify()), { status: "identical", skipped: [] })
    }).pipe(Effect.scoped))

  it.live.each([
    { name: "ends the request", settings: required, status: "requires_approval" },
    {
      name: "is waited for",
      settings: { approval: { require: "always", timeout_seconds: 600 } },
      status: "in_progress"
    }
  ])(
    "that $name outlives a kill -9 of the server: the next one goes on with the turn",
    ({ settings, status }) =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond: TurnWorld.chatModel })
        const folder = yield* TemporaryFolder.make
        writeFileSync(join(folder, "Tools.ts"), toolsModule)
        const start = serve({ folder, configuration: configuration(upstream) })
        const path = "/v1/sessions/s/turns"
        const ask = (url: string, input: string, more: Schema.JsonObject = {}) =>
          Http.post(url, path, { model: "upstream/m", tool_groups: ["tools/tools"], input, ...more })
        const turnsAt = (url: string) => Effect.map(Http.send(url, path), ({ json }) => Object(json).data ?? [])
        const first = yield* start
        // Nobody waits for an answer that does not come.
        yield* Effect.forkDetach(Effect.ignoreCause(ask(first.url, "call echo 1", settings)))
        yield* Effect.sleep("20 millis").pipe(
          Effect.andThen(turnsAt(first.url)),
          Effect.repeat({ until: (turns) => turns[0]?.approvals.length === 1 && turns[0].status === status })
        )
        assert.strictEqual((yield* first.kill("SIGKILL")).signal, "SIGKILL")

        const { url } = yield* start
        const [turn] = yield* turnsAt(url)
        assert.lengthOf(turn.approvals, 1)
        const answer = { decision: "grant" }
        const { json, text } = yield* Http.post(
          url,
          `${path}/${turn.id}/approvals/${turn.approvals[0].approval_id}`,
          answer
        )
        assert.deepInclude(Object(json), { id: turn.id, status: "completed" }, text)
        assert.include(text, "Tools said echo 1")
        const next = yield* ask(url, "hello")
        assert.deepInclude(Object(next.json), { number: 2, status: "completed" })
        const verified = yield* Http.post(url, "/v1/sessions/s/verify", {})
        assert.strictEqual(Object(verified.json).status, "identical", verified.text)
      }).pipe(Effect.scoped),
    60_000
  )
})
