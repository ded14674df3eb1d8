/** `strata chat` as a process, against a Strata whose model does as it is told: typed, piped, interrupted. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ChatProcess from "../support/ChatProcess.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import * as TurnWorld from "../support/TurnWorld.ts"

const withTools = ["-m", "upstream/m", "-i", "--tools", "tools/tools"]

const statuses = (json: unknown) => Object(json).data.map((turn: { readonly status: string }) => turn.status)

describe("a question by a pipe", () => {
  it.live("prints the answer and nothing else", () =>
    Effect.gen(function*() {
      const { get, strata } = yield* TurnWorld.given()
      const args = ["-m", "upstream/m", "--session", "piped"]
      assert.deepStrictEqual(yield* ChatProcess.ask("hi", args, strata.url), {
        code: 0,
        stdout: "You said hi\n",
        stderr: ""
      })
      const again = yield* ChatProcess.ask("call echo one", [...args, "--tools", "all"], strata.url)
      assert.deepStrictEqual([again.stdout, again.stderr], ["Tools said echo one\n", ""])
      assert.deepStrictEqual(statuses((yield* get("", "piped")).json), ["completed", "completed"])
    }).pipe(Effect.scoped))

  it.live("prints each event as JSON", () =>
    Effect.gen(function*() {
      const { strata } = yield* TurnWorld.given()
      const { stdout } = yield* ChatProcess.ask("hi", ["-m", "upstream/m", "--json"], strata.url)
      const events = stdout.trim().split("\n").map((line) => JSON.parse(line))
      assert.strictEqual(events[0].type, "turn.started")
      assert.strictEqual(events.at(-1).type, "turn.ended")
      assert.deepInclude(events.at(-1), { model: "upstream/m", session_id: events.at(-1).turn.session_id })
    }).pipe(Effect.scoped))

  it.live("denies what nobody can be asked about, unless it is told to grant it", () =>
    Effect.gen(function*() {
      const { strata } = yield* TurnWorld.given()
      const args = ["-m", "upstream/m", "--tools", "tools/tools", "--ask-all"]
      const denied = yield* ChatProcess.ask("call echo one", args, strata.url)
      assert.notInclude(denied.stdout, "echo one")
      const granted = yield* ChatProcess.ask("call echo one", [...args, "--approve", "always"], strata.url)
      assert.strictEqual(granted.stdout, "Tools said echo one\n")
    }).pipe(Effect.scoped))

  it.live.each([
    { what: "no model", args: [], words: "--model: name the model" },
    { what: "a model that nobody serves", args: ["-m", "upstreem/m"], words: "upstreem/m" }
  ])("fails with the remedy: $what", ({ args, words }) =>
    Effect.gen(function*() {
      const { strata } = yield* TurnWorld.given()
      const { code, stderr, stdout } = yield* ChatProcess.ask("hi", args, strata.url)
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.include(stderr, words)
    }).pipe(Effect.scoped))

  it.live("fails where no server is", () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* ChatProcess.ask("hi", ["-m", "a/b"], "http://127.0.0.1:1")
      assert.strictEqual(code, 1)
      assert.include(stderr, "Is the server running?")
    }))

  it.live("lets no control character of a model through", () =>
    Effect.gen(function*() {
      const { strata } = yield* TurnWorld.given({
        model: ({ method }) =>
          method === "GET" ? undefined : ScriptedAnswer.events([
            { choices: [{ index: 0, delta: { content: "\u001b[2Jred\u0007\u009b31m\u202e\r\n\tend" } }] },
            { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }
          ])
      })
      const { stdout } = yield* ChatProcess.ask("hi", ["-m", "upstream/m"], strata.url)
      assert.strictEqual(stdout, "␛[2Jred␇\ufffd31m\ufffd\n\tend\n")
    }).pipe(Effect.scoped))
})

describe("a chat line by line", () => {
  const typing = (args: ReadonlyArray<string>, options: TurnWorld.Options = {}) =>
    Effect.gen(function*() {
      const world = yield* TurnWorld.given(options)
      return { ...world, chat: yield* ChatProcess.start(args, world.strata.url) }
    })

  it.live("shows answers, tools and their results, and goes on in one session", () =>
    Effect.gen(function*() {
      const { chat, get } = yield* typing([...withTools, "-s", "s"])
      yield* chat.type("call echo one")
      yield* chat.printed("Tools said echo one\n")
      assert.include(chat.output.stdout, "→ echo({\"say\":\"one\"})\n← echo: echo one\n")
      yield* chat.type("hello")
      yield* chat.printed("You said hello\n")
      yield* chat.type("//slash")
      yield* chat.printed("You said /slash\n")
      yield* chat.leave
      assert.strictEqual((yield* chat.ended).code, 0)
      assert.notInclude(chat.output.stdout, "\u001b")
      assert.deepStrictEqual(statuses((yield* get()).json), ["completed", "completed", "completed"])
    }).pipe(Effect.scoped))

  it.live("asks before a tool that needs it: no, yes, and always for this tool", () =>
    Effect.gen(function*() {
      const { chat } = yield* typing([...withTools, "--ask-all"])
      yield* chat.type("call echo one")
      yield* chat.printed("Call echo({\"say\":\"one\"})? [y]es, [n]o, [a]lways ")
      yield* chat.type("what?")
      yield* chat.type("n")
      yield* chat.printed("Denied by")
      yield* chat.type("call echo two")
      yield* chat.printed("Call echo({\"say\":\"two\"})?")
      yield* chat.type("y")
      yield* chat.printed("Tools said echo two")
      yield* chat.type("call echo three")
      yield* chat.printed("Call echo({\"say\":\"three\"})?")
      yield* chat.type("a")
      yield* chat.printed("Tools said echo three")
      yield* chat.type("call echo four")
      yield* chat.printed("Tools said echo four")
      assert.notInclude(chat.output.stdout, "Call echo({\"say\":\"four\"})")
      yield* chat.type("/quit")
      assert.strictEqual((yield* chat.ended).code, 0)
    }).pipe(Effect.scoped))

  it.live.each(["Ctrl-C", "/cancel"])(
    "%s ends a turn and not the chat; again: at once",
    (by) =>
      Effect.gen(function*() {
        const slow = TurnWorld.echo("echo", (say) => say === "slow" ? Effect.sleep("60 seconds") : Effect.void)
        const { chat, get, strata } = yield* typing([...withTools, "-s", "s"], { tools: [slow] })
        const cancel = by === "Ctrl-C" ? chat.interrupt : chat.type("/cancel")
        yield* chat.type("call echo slow")
        yield* chat.printed("→ echo")
        yield* cancel
        yield* strata.awaitEvents({ types: ["cancel:requested"] })
        assert.notInclude(chat.output.stdout, "Cancelled.")
        yield* cancel
        yield* chat.printed("Cancelled.")
        yield* chat.type("hello")
        yield* chat.printed("You said hello")
        yield* chat.leave
        assert.strictEqual((yield* chat.ended).code, 0)
        assert.deepStrictEqual(statuses((yield* get()).json), ["cancelled", "completed"])
      }).pipe(Effect.scoped)
  )

  it.live("Ctrl-C twice where nothing runs ends the chat", () =>
    Effect.gen(function*() {
      const { chat } = yield* typing(withTools)
      yield* chat.type("hello")
      yield* chat.printed("You said hello")
      yield* chat.interrupt
      yield* chat.printed("Ctrl-C once more")
      yield* chat.interrupt
      assert.strictEqual((yield* chat.ended).code, 0)
    }).pipe(Effect.scoped))

  it.live("forks, changes its model, and says what it has and costs", () =>
    Effect.gen(function*() {
      const { chat, claude, get } = yield* typing([...withTools, "-s", "s"])
      yield* chat.type("hello")
      yield* chat.printed("You said hello")
      yield* chat.type("/fork")
      yield* chat.printed("a copy with 1 turn")
      const [, id = ""] = /Session (\S+): a copy/.exec(chat.output.stdout) ?? []
      yield* chat.type("/model anthropic/m")
      yield* chat.type("again")
      yield* chat.printed("You said again")
      assert.strictEqual(claude.received.filter(({ method }) => method === "POST").length, 1)
      yield* chat.type("/tools")
      yield* chat.printed("* tools/tools  echo  Says it again.")
      yield* chat.type("/cost")
      yield* chat.printed("total")
      yield* chat.type("/fork x")
      yield* chat.printed("a number from 1")
      yield* chat.type("/modle")
      yield* chat.printed("Did you mean model?")
      yield* chat.type("/help")
      yield* chat.printed("/quit")
      yield* chat.leave
      assert.strictEqual((yield* chat.ended).code, 0)
      assert.lengthOf(statuses((yield* get("", id)).json), 2)
      assert.lengthOf(statuses((yield* get()).json), 1)
    }).pipe(Effect.scoped))

  it.live("says what failed, and goes on", () =>
    Effect.gen(function*() {
      let calls = 0
      const { chat } = yield* typing(withTools, {
        model: (request) =>
          request.method === "POST" && ++calls === 1
            ? ScriptedAnswer.error(400, "No \u001b[31mway", "bad", "invalid_request_error")
            : TurnWorld.chatModel(request)
      })
      yield* chat.type("hello")
      yield* chat.printed("The model failed: No ␛[31mway")
      yield* chat.type("/continue")
      yield* chat.printed("You said hello")
      yield* chat.leave
      assert.strictEqual((yield* chat.ended).code, 0)
    }).pipe(Effect.scoped))
})

describe("several models side by side", () => {
  it.live("are asked at once, each in a session of its own, and printed one below the other", () =>
    Effect.gen(function*() {
      const { strata } = yield* TurnWorld.given()
      const { stdout } = yield* ChatProcess.ask("hi", ["-m", "upstream/m", "-m", "anthropic/m"], strata.url)
      assert.strictEqual(stdout, "upstream/m:\nYou said hi\nanthropic/m:\nYou said hi\n")
      const { json } = yield* Http.send(strata.url, "/v1/sessions")
      assert.lengthOf(Object(json).data, 2)
    }).pipe(Effect.scoped))

  it.live("go on with copies of a session that is there", () =>
    Effect.gen(function*() {
      const { claude, strata } = yield* TurnWorld.given()
      yield* ChatProcess.ask("first", ["-m", "upstream/m", "-s", "s"], strata.url)
      const { stdout } = yield* ChatProcess.ask("hi", ["-m", "upstream/m", "-m", "anthropic/m", "-s", "s"], strata.url)
      assert.include(stdout, "anthropic/m:\nYou said hi\n")
      assert.include(claude.received.at(-1)!.bodyText, "first")
    }).pipe(Effect.scoped))
})
