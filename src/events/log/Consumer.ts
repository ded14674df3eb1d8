/** Reads the log for a consumer group: each event at least once, from where the group has come to. */
import { Clock, Duration, Effect, Random, Stream } from "effect"
import type { RecordedEvent } from "../types/Envelope.ts"
import * as EventIds from "../types/EventIds.ts"
import type { Principal } from "../types/Principal.ts"
import { CurrentTenant } from "../types/Tenant.ts"
import type { ConsumerGroup } from "./ConsumerGroups.ts"
import { ConsumerGroups } from "./ConsumerGroups.ts"
import { EventHub } from "./EventHub.ts"
import type { EventLogUnavailable, Filter } from "./EventLog.ts"

export interface Options<E, R> {
  readonly group: string
  /** Which events the group is for; default: all of the tenant that it is run for. */
  readonly filter?: Filter
  /**
   * Handles some events, in order. The group's position is stored when it succeeds: after a crash in between the same
   * events come again.
   */
  readonly handle: (events: ReadonlyArray<RecordedEvent>) => Effect.Effect<void, E, R>
  /** A member that dies is replaced after this time. Default 30 seconds. */
  readonly claimFor?: Duration.Input
  /** Whose the group is. Default: Strata's own, so that under rules no client moves or deletes it by owning nothing. */
  readonly owner?: Principal | null
}

/** Code inside the server, as rules see it. */
const system: Principal = { id: "system", attributes: {} }

const newMember = Effect.withFiber<string>((fiber) =>
  Effect.succeed(EventIds.make(fiber.getRef(Clock.Clock), fiber.getRef(Random.Random)))
)

/**
 * Runs until it is interrupted, or `handle` fails. Of several members of a group one reads; when it stops or dies,
 * another goes on where it was.
 */
export const run = Effect.fn("Consumer.run")(function*<E, R>(
  { claimFor = "30 seconds", filter = {}, group, handle, owner = system }: Options<E, R>
): Effect.fn.Return<never, E | EventLogUnavailable, R | EventHub | ConsumerGroups> {
  const hub = yield* EventHub
  const groups = yield* ConsumerGroups
  const tenant = yield* CurrentTenant
  const member = yield* newMember
  const duration = Duration.toMillis(claimFor)
  const third = Duration.millis(duration / 3)

  const claim = Effect.flatMap(
    Clock.currentTimeMillis,
    (now) => groups.claim({ tenant, group, member, now, duration, owner })
  )

  const isMine = (claimed: ConsumerGroup): boolean => claimed.member === member

  /** Ends when another member has taken over. */
  const keepClaim = claim.pipe(
    Effect.delay(third),
    Effect.repeat({ while: isMine }),
    Effect.asVoid
  )

  /** Ends when the position is not this member's to move any more. */
  const readFrom = ({ owner, position: start }: ConsumerGroup) =>
    hub.follow({ tenant, ...filter, after: start }).pipe(
      Stream.chunks,
      Stream.mapEffect((events) =>
        // What was handled is stored, also when the member is told to stop meanwhile.
        Effect.uninterruptibleMask((restore) =>
          Effect.andThen(
            restore(handle(events)),
            groups.moveTo({ tenant, group, position: events.at(-1)?.position ?? start, member, owner, reset: false })
          )
        )
      ),
      Stream.takeWhile(({ moved }) => moved),
      Stream.runDrain
    )

  const turn = Effect.flatMap(
    claim,
    (claimed) => isMine(claimed) ? Effect.raceFirst(readFrom(claimed), keepClaim) : Effect.sleep(third)
  )

  return yield* Effect.forever(turn).pipe(Effect.ensuring(Effect.ignore(groups.release({ tenant, group }, member))))
})
