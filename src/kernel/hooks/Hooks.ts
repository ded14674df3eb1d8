/** Who may have a say in what is about to happen: hooks, asked in their order, and the one decision they come to. */
import { Context, Effect, Layer } from "effect"
import type { Schema, Scope } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import { typeMatches } from "../../events/log/EventLog.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import type { Check, Failure, Hook, HookEvent, Limits } from "./Hook.ts"
import { run } from "./Hook.ts"
import type { HookDecision } from "./HookDecision.ts"
import { isSilent } from "./HookDecision.ts"
import type { Honoured, Step } from "./HookDispatch.ts"
import { decide, everything, isHonoured } from "./HookDispatch.ts"
import * as HookRecord from "./HookRecord.ts"
import type { HookResult } from "./HookResult.ts"

/** Something hooks are asked about. */
export interface Emission extends Pick<HookEvent, "type" | "data" | "attributes"> {
  /** The provider instance concerned. */
  readonly provider?: string
  /** Actions that can have an effect here; default all. */
  readonly honours?: Honoured
  /** What may stand in place of the data; default any JSON object. */
  readonly check?: Check
}

export class Hooks extends Context.Service<Hooks, {
  /** What is registered. Empty: nobody wants any event, and there is no need to ask about one. */
  readonly registered: { readonly size: number }
  /** Until the scope closes. */
  register(hook: Hook): Effect.Effect<void, never, Scope.Scope>
  /** False: nobody wants such events, and there is no need to make one. */
  wants(type: string): boolean
  /** Asks the hooks that want it, one after the other; a deny ends it. What comes of it is recorded. */
  emit(emission: Emission): Effect.Effect<HookDecision>
}>()("strata/kernel/hooks/Hooks") {
  static readonly layer = (limits: Limits) => Layer.effect(Hooks, Effect.map(EventHub, (hub) => make(hub, limits)))

  /** A Layer that registers a hook for as long as it lives. */
  static readonly contribute = (hook: Hook): Layer.Layer<never, never, Hooks> =>
    Layer.effectDiscard(Effect.flatMap(Hooks, (hooks) => hooks.register(hook)))
}

const anything: Check = () => undefined

/** A hook that wrote into what it was given would change it for the others, and nobody would know. */
const freeze = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) freeze(each)
  }
  return value
}

const proceed: HookResult = { action: "continue" }

const closed = (reason: string): HookResult => ({
  action: "deny",
  reason: `it could not be asked (${reason}), and is set to deny then`
})

/** What a hook gave is its own; what is passed on is ours. */
const owned = (result: HookResult): HookResult =>
  result.action === "modify" ? { ...result, data: freeze(structuredClone(result.data) as Schema.JsonObject) } : result

const make = (hub: EventHub["Service"], limits: Limits) => {
  const registered = new Set<Hook>()
  /** In the order in which they are asked. */
  let ordered: ReadonlyArray<Hook> = []
  const wanting = new Map<string, ReadonlyArray<Hook>>()

  const changed = () => {
    ordered = [...registered].sort((left, right) => (left.priority ?? 0) - (right.priority ?? 0))
    wanting.clear()
  }

  const whoWant = (type: string): ReadonlyArray<Hook> => {
    let hooks = wanting.get(type)
    if (hooks === undefined) wanting.set(type, hooks = ordered.filter(({ pattern }) => typeMatches([pattern], type)))
    return hooks
  }

  const emit = Effect.fnUntraced(function*(emission: Emission) {
    const { attributes, check = anything, honours = everything, provider, type } = emission
    const recording = yield* CurrentRecording
    const place: HookRecord.Place = { hub, recording, on: type, provider }
    const { requestId = null, sessionId = null } = recording?.options ?? {}
    const instead = (hook: Hook, failure: Failure) => {
      const decision = hook.onFailure === "closed" ? "deny" : "continue"
      return Effect.as(
        HookRecord.failed(place, { hook: hook.name, ...failure, decision }),
        decision === "deny" ? closed(failure.reason) : proceed
      )
    }
    const steps: Array<Step> = []
    let data = freeze(emission.data)
    for (const hook of whoWant(type)) {
      const given = yield* run(hook, { type, data, attributes, requestId, sessionId }, limits, check)
      const result = "action" in given ? owned(given) : yield* instead(hook, given)
      steps.push({ hook: hook.name, result })
      if (!isHonoured(honours, result)) continue
      if (result.action === "deny") break
      if (result.action === "modify") data = result.data
    }
    const decision = decide(emission.data, steps, honours)
    if (!isSilent(decision)) yield* HookRecord.decided(place, decision)
    return decision
  })

  return Hooks.of({
    registered,
    register: (hook) =>
      Effect.asVoid(Effect.acquireRelease(
        Effect.sync(() => {
          // A copy: the same hook may be registered twice, and each registration ends by itself.
          const entry = { ...hook }
          registered.add(entry)
          changed()
          return entry
        }),
        (entry) =>
          Effect.sync(() => {
            registered.delete(entry)
            changed()
          })
      )),
    wants: (type) => whoWant(type).length > 0,
    emit
  })
}
