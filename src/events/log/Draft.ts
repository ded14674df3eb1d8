/** Makes events ready to be appended outside of any request: what the server itself does. */
import { Clock, Effect, Random } from "effect"
import * as OwnWords from "../redaction/OwnWords.ts"
import { Redactor } from "../redaction/Redactor.ts"
import type { EventDraft } from "../types/Envelope.ts"
import type { Definition, Payload } from "../types/Event.ts"
import * as EventIds from "../types/EventIds.ts"
import { CurrentPrincipal } from "../types/Principal.ts"
import { CurrentTenant } from "../types/Tenant.ts"

/** An event of the server itself, with an id of its own; default: a new one. */
export const make = <D extends Definition>(
  definition: D,
  payload: Payload<D>,
  attributes: Partial<
    Pick<EventDraft, "id" | "provider" | "sessionId" | "parentSessionId" | "requestId" | "causationId">
  > = {},
  /** What masks it; default: as all that is recorded. */
  redactor?: Redactor
): Effect.Effect<EventDraft> =>
  Effect.withFiber((fiber) => {
    const clock = fiber.getRef(Clock.Clock)
    return Effect.map(redactor === undefined ? Redactor.configured : Effect.succeed(redactor), (redactor) =>
      redactor.draft({
        id: EventIds.nth(EventIds.make(clock, fiber.getRef(Random.Random)), 1),
        type: definition.type,
        level: definition.level,
        schemaVersion: definition.version,
        time: clock.currentTimeMillisUnsafe(),
        tenant: fiber.getRef(CurrentTenant),
        sessionId: null,
        parentSessionId: null,
        requestId: null,
        attempt: null,
        causationId: null,
        provider: null,
        principal: fiber.getRef(CurrentPrincipal)?.id ?? null,
        payload: JSON.stringify(payload),
        ...attributes
      }, (word) =>
        OwnWords.of(definition).has(word)))
  })
