/** The events of a batch, read a page at a time: of a batch of any size no more than a page is held. */
import { Effect, Option, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { BatchKind } from "./BatchKind.ts"

const pageSize = 64

export const make = (
  hub: EventHub["Service"],
  batch: string,
  { type }: Definition
): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
  Stream.unwrap(Effect.map(CurrentTenant, (tenant) =>
    Stream.paginate(0, (after: number) =>
      Effect.map(
        hub.read({ tenant, stream: BatchKind.streamOf(batch), types: [type], after, limit: pageSize }),
        (events) =>
          [
            events,
            events.length < pageSize ? Option.none<number>() : Option.some(events.at(-1)!.position)
          ] as const
      ))))
