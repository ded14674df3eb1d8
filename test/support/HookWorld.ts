/** Hooks that say what a test gives them to say, asked on behalf of a request. */
import { Clock, Effect, Layer } from "effect"
import type { Schema } from "effect"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { Secrets } from "../../src/events/redaction/Redaction.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import type { Level } from "../../src/events/types/Event.ts"
import type { Hook, HookEvent } from "../../src/kernel/hooks/Hook.ts"
import type { HookResult } from "../../src/kernel/hooks/HookResult.ts"
import type { Emission } from "../../src/kernel/hooks/Hooks.ts"
import { Hooks } from "../../src/kernel/hooks/Hooks.ts"
import { CurrentRecording, Recording } from "../../src/kernel/requests/Recording.ts"
import * as MemoryHub from "./MemoryHub.ts"

export const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"

export const layer = Hooks.layer({ timeout: "5 seconds", maxContextCharacters: 20 }).pipe(
  Layer.provideMerge(MemoryHub.layer)
)

type Says = HookResult | ((event: HookEvent) => Effect.Effect<HookResult | void, unknown>)

export interface Given extends Partial<Omit<Hook, "handler">> {
  readonly says: Says
}

/** The data of every emission, unless a test gives other. */
export const data: Schema.JsonObject = { trace: [] }

/** Adds its letter to the data's trace. */
export const adds = (letter: string) => (event: HookEvent): Effect.Effect<HookResult> =>
  Effect.succeed({
    action: "modify",
    data: { ...event.data, trace: [...event.data["trace"] as ReadonlyArray<string>, letter] }
  })

const letters = "abcdefghijklmnopqrstuvwxyz"

/** Hooks `a`, `b`, `c` …, in this order of registration; `asked` grows as they are asked. */
export const register = Effect.fnUntraced(function*(given: ReadonlyArray<Given>, asked: Array<string> = []) {
  const hooks = yield* Hooks
  for (const [index, { says, ...hook }] of given.entries()) {
    const name = hook.name ?? letters[index]!
    yield* hooks.register({
      pattern: "test:*",
      ...hook,
      name,
      handler: (event) => {
        asked.push(name)
        return typeof says === "function" ? says(event) : Effect.succeed(says)
      }
    })
  }
  return asked
})

export const emission = (given: Partial<Emission> = {}): Emission => ({
  type: "test:happened",
  data,
  attributes: {},
  ...given
})

export interface Behalf {
  readonly level?: Level
  readonly secret?: string
}

/** Runs on behalf of a request, and commits what it left. */
export const onBehalf = Effect.fnUntraced(
  function*<A, E, R>(use: Effect.Effect<A, E, R>, { level = "raw", secret = "" }: Behalf = {}) {
    const secrets = new Secrets()
    secrets.add(secret)
    const recording = new Recording({
      hub: yield* EventHub,
      clock: yield* Clock.Clock,
      requestId,
      sessionId: "s",
      parentSessionId: null,
      level,
      secrets: [secrets]
    })
    const exit = yield* Effect.exit(Effect.provideService(use, CurrentRecording, recording))
    yield* Effect.orDie(recording.commit)
    return yield* exit
  }
)

export const emit = (given?: Partial<Emission>, behalf?: Behalf) =>
  onBehalf(Hooks.use((hooks) => hooks.emit(emission(given))), behalf)

/** Payloads of what was recorded of one type. */
export const told = (type: string) =>
  Effect.map(MemoryHub.events({ types: [type] }), (events) => events.map((event) => Object(payloadOf(event))))
