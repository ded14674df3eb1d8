/**
 * The right to write what becomes of a piece of work. It lasts until another worker takes it: each write expects the
 * version of the stream as this worker knows it, so that one who was thought lost and comes back changes nothing.
 */
import { Effect, Schema, Semaphore } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { Appended, EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { EventDraft, RecordedEvent } from "../../events/types/Envelope.ts"
import type { WorkState } from "./WorkState.ts"
import { evolve } from "./WorkState.ts"

/** Which work, and where its events stand. */
export interface WorkReference {
  readonly tenant: string
  readonly workId: string
  readonly stream: string
}

/** Another worker has taken it, or it has ended. What was to be written is not in the log. */
export class LeaseLost extends Schema.TaggedError<LeaseLost>()("LeaseLost", { workId: Schema.String }) {
  override get message(): string {
    return `Another worker has taken ${this.workId}: nothing more is written by this one`
  }
}

const pageSize = 256

/** The work in a stream as far as it was read, and the version to expect there. */
export class WorkStream {
  readonly #hub: EventHub["Service"]
  readonly reference: WorkReference
  readonly #lock = Semaphore.makeUnsafe(1)
  state: WorkState | undefined
  position = 0
  #version = 0

  constructor(hub: EventHub["Service"], reference: WorkReference) {
    this.#hub = hub
    this.reference = reference
  }

  #fold(event: RecordedEvent): void {
    this.state = evolve(this.state, event)
    this.position = event.position
    this.#version = Math.max(this.#version, event.version)
  }

  /** Reads what came since. */
  readonly refresh: Effect.Effect<WorkState | undefined, EventLogUnavailable> = Effect.gen({ self: this }, function*() {
    const { stream, tenant } = this.reference
    while (true) {
      const page = yield* this.#hub.read({ tenant, stream, types: ["work:*"], after: this.position, limit: pageSize })
      for (const event of page) this.#fold(event)
      if (page.length < pageSize) return this.state
    }
  })

  /**
   * Appends where `holds` is true of the state as it stands in the log at that moment. What others append meanwhile and
   * does not concern it is no obstacle.
   */
  append(
    events: ReadonlyArray<EventDraft>,
    holds: (state: WorkState | undefined) => boolean
  ): Effect.Effect<Appended, LeaseLost | EventLogUnavailable> {
    const { stream, workId } = this.reference
    const attempt: Effect.Effect<Appended, LeaseLost | EventLogUnavailable> = Effect.suspend(() => {
      if (!holds(this.state)) return Effect.fail(new LeaseLost({ workId }))
      return this.#hub.append(stream, this.#version, events).pipe(
        Effect.tap(({ version }) => Effect.sync(() => void (this.#version = version))),
        Effect.tap(() => Effect.ignore(this.refresh)),
        Effect.catchTags({
          EventIdTaken: Effect.die,
          VersionConflict: ({ actual }) =>
            Effect.andThen(
              this.refresh,
              Effect.suspend(() => {
                this.#version = Math.max(this.#version, actual)
                return attempt
              })
            )
        })
      )
    })
    return this.#lock.withPermit(attempt)
  }
}
