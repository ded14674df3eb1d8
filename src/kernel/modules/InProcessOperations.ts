/** Asks operations that pass bytes without a wire, as a batch does: who may, and what they answer, is as over HTTP. */
import { Context, Deferred, Effect, Layer } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { Principal } from "../../events/types/Principal.ts"
import type { Bytes } from "../bytes/Bytes.ts"
import type { Operation } from "../http/Operations.ts"

/** What a server gives when its handlers are there. */
export interface Answering {
  /** The answer to the text of a payload, within a request; undefined: it can't be asked so. A failure is an answer, too. */
  readonly asked: (operation: Operation) => ((text: string) => Effect.Effect<Bytes<unknown>>) | undefined
  /** Why the rules of paths keep a principal from it; undefined: they do not. */
  readonly refusal: (principal: Principal | null, operation: Operation) => string | undefined
  /** Counts a request against the quota of a principal. Gives the seconds to wait where that is used up; 0: it may go on. */
  readonly takeQuota: (principal: Principal | null) => Effect.Effect<number, EventLogUnavailable>
}

export class InProcessOperations extends Context.Service<InProcessOperations, {
  readonly serve: (answering: Answering) => Effect.Effect<void>
  /** Waits until there is a server. */
  readonly answering: Effect.Effect<Answering>
}>()("strata/kernel/modules/InProcessOperations") {
  static readonly layer = Layer.effect(
    InProcessOperations,
    Effect.map(Deferred.make<Answering>(), (served) =>
      InProcessOperations.of({
        serve: (answering) => Effect.asVoid(Deferred.succeed(served, answering)),
        answering: Deferred.await(served)
      }))
  )
}
