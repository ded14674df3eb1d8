/**
 * Which provider instance code runs for, through fibers, promises, timers and callbacks. Only a verification asks; without
 * one, everything here gives back what it is given.
 */
import { Context, Effect, Tracer } from "effect"
import { AsyncLocalStorage } from "node:async_hooks"

/** A provider instance of one verification. */
export interface Owner {
  readonly provider: string
  /** Tells verifications apart that run at the same time. */
  readonly verification: object
}

/** The verification that instances start in; undefined where there is none. */
export const CurrentVerification = Context.Reference<object | undefined>(
  "strata/kernel/provider/ProviderContext/CurrentVerification",
  { defaultValue: () => undefined }
)

/** The instance a fiber runs for. */
export const CurrentOwner = Context.Reference<Owner | undefined>(
  "strata/kernel/provider/ProviderContext/CurrentOwner",
  { defaultValue: () => undefined }
)

const storage = new AsyncLocalStorage<Owner | undefined>()

/** The instance that what runs now runs for, in a fiber or not. */
export const current = (): Owner | undefined => storage.getStore()

/** What it does later, in promises and timers, is the owner's too. */
export const run = <A>(owner: Owner | undefined, evaluate: () => A): A =>
  storage.getStore() === owner ? evaluate() : storage.run(owner, evaluate)

const evaluate = "~effect/Effect/evaluate"

/** Sets the owner at each step of a fiber: a fiber may change its context in the middle, and wakes in that of others. */
const following = (tracer: Tracer.Tracer): Tracer.Tracer => {
  const step: NonNullable<Tracer.Tracer["context"]> = tracer.context?.bind(tracer) ??
    ((primitive, fiber) => primitive[evaluate](fiber))
  return Tracer.make({
    span: (options) => tracer.span(options),
    context: (primitive, fiber) => run(fiber.getRef(CurrentOwner), () => step(primitive, fiber))
  })
}

/** Runs what starts instances: from here on they are told apart from everything else. */
export const followed = <A, E, R>(effect: Effect.Effect<A, E, R>, verification: object): Effect.Effect<A, E, R> =>
  Effect.flatMap(Tracer.Tracer, (tracer) =>
    effect.pipe(
      Effect.provideService(CurrentVerification, verification),
      Effect.provideService(Tracer.Tracer, following(tracer))
    ))

/**
 * Runs an effect for an owner, or for none. The steps behind it are a step of their own: an Effect's continuations run
 * within the step that gives their value.
 */
export const within = <A, E, R>(effect: Effect.Effect<A, E, R>, owner: Owner | undefined): Effect.Effect<A, E, R> =>
  Effect.matchCauseEffect(Effect.provideService(effect, CurrentOwner, owner), {
    onFailure: Effect.failCause,
    onSuccess: Effect.succeed
  })

/** An instance as the owner of what it does; undefined outside of a verification. */
export const ownerOf = (provider: string): Effect.Effect<Owner | undefined> =>
  Effect.map(CurrentVerification, (verification) => verification === undefined ? undefined : { provider, verification })
