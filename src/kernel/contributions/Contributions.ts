/** The contribution channels of a running server: who contributes what, and all of it in order. */
import { Cause, Context, Effect, Layer, Schema } from "effect"
import type { Scope } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { Payload } from "../../events/types/Event.ts"
import type { Channel, Contribution } from "./Channel.ts"
import * as ContributionEvents from "./ContributionEvents.ts"

interface Contributor {
  readonly name: string
  readonly contribution: Contribution<unknown>
}

/** How long one contributor may take. */
const timeLimit = "5 seconds"

const timedOut = Symbol("timed out")

export class Contributions extends Context.Service<Contributions, {
  /** Until the scope closes. Names are for people; two may have the same. */
  register<S extends Schema.Top>(
    channel: Channel<S>,
    name: string,
    contribution: Contribution<S["Type"]>
  ): Effect.Effect<void, never, Scope.Scope>
  /** Asks the contributors one after the other, in the order they were registered; who fails is left out. */
  collect<S extends Schema.Top>(channel: Channel<S>): Effect.Effect<ReadonlyArray<S["Type"]>>
}>()("strata/kernel/contributions/Contributions") {
  static readonly layer = Layer.effect(Contributions, Effect.suspend(() => make))
}

type Failure = Pick<Payload<typeof ContributionEvents.Failed>, "reason" | "message">

const failureOf = (cause: Cause.Cause<unknown>): Failure => {
  const error = Cause.squash(cause)
  if (error === timedOut) return { reason: "timeout", message: `no value within ${timeLimit}` }
  return {
    reason: Cause.hasInterruptsOnly(cause) ? "interrupted" : Schema.isSchemaError(error) ? "invalid_value" : "error",
    message: (error instanceof Error ? error.message : String(error)).slice(0, 500)
  }
}

/** Contributions are Effects only where they are written as such: a channel's values never are. */
const valueOf = ({ contribution }: Contributor): Effect.Effect<unknown, unknown> =>
  Effect.isEffect(contribution)
    ? Effect.timeoutOrElse(contribution as Effect.Effect<unknown, unknown>, {
      duration: timeLimit,
      orElse: () => Effect.fail(timedOut)
    })
    : Effect.succeed(contribution)

const make = Effect.gen(function*() {
  const hub = yield* EventHub
  const channels = new Map<string, ReadonlyArray<Contributor>>()
  const of = (channel: string) => channels.get(channel) ?? []

  const recordFailure = (channel: string, contributor: string, failure: Failure) =>
    Effect.flatMap(
      Draft.make(ContributionEvents.Failed, { channel, contributor, ...failure }),
      (draft) => hub.publish(ContributionEvents.stream, [draft])
    )

  const collect = <S extends Schema.Top>({ name, value }: Channel<S>): Effect.Effect<ReadonlyArray<S["Type"]>> => {
    const check = Schema.decodeUnknownEffect(Schema.toType(value))
    const one = (contributor: Contributor): Effect.Effect<ReadonlyArray<S["Type"]>> =>
      valueOf(contributor).pipe(
        Effect.flatMap((given) =>
          given === undefined || given === null ? Effect.succeed([]) : Effect.map(check(given), (checked) => [checked])
        ),
        Effect.catchCause((cause) => Effect.as(recordFailure(name, contributor.name, failureOf(cause)), []))
      )
    return Effect.map(Effect.forEach(of(name), one), (collected) => collected.flat(1))
  }

  return Contributions.of({
    register: (channel, name, contribution) => {
      const contributor: Contributor = { name, contribution }
      return Effect.asVoid(Effect.acquireRelease(
        Effect.sync(() => channels.set(channel.name, [...of(channel.name), contributor])),
        () => Effect.sync(() => channels.set(channel.name, of(channel.name).filter((each) => each !== contributor)))
      ))
    },
    collect: (channel) => Effect.suspend(() => collect(channel))
  })
})
