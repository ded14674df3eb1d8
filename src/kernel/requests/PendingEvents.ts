/** What a request has emitted and not yet handed to the writer: facts, and events of their own between them. */
import type { Appendable, Fact, FactCall, Part } from "../../events/facts/Fact.ts"
import { mostEvents } from "../../events/facts/Fact.ts"
import type { IsOwn } from "../../events/redaction/JsonRanges.ts"
import type { Redactor } from "../../events/redaction/Redactor.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type { PendingPart } from "./PendingPart.ts"
import { storedParts } from "./PendingPart.ts"
import type { Options } from "./Recording.ts"

type Pending = PendingPart | { readonly event: EventDraft }

const isEvent = (pending: Pending): pending is { readonly event: EventDraft } => "event" in pending

/** A fact to which parts are added: it has their call, once one of them has one. */
interface OpenFact extends Fact {
  call: FactCall | null
  readonly parts: Array<Part>
}

const fits = ({ call, parts }: OpenFact, next: FactCall | null): boolean =>
  2 * (parts.length + 1) <= mostEvents && (call === null || next === null || call.path === next.path)

export class PendingEvents {
  readonly #options: Options
  readonly #redactor: Redactor
  readonly #debugBytes: number
  #pending: Array<Pending> = []

  constructor(options: Options, redactor: Redactor, debugBytes: number) {
    this.#options = options
    this.#redactor = redactor
    this.#debugBytes = debugBytes
  }

  add(call: FactCall | null, isOwn: IsOwn | undefined, part: PendingPart["part"]): void {
    this.#pending.push({ call, isOwn, part })
  }

  addEvent(event: EventDraft): void {
    this.#pending.push({ event })
  }

  /** The event that begins the session of the request, as the session's first. */
  begin({ payload, schemaVersion, time, type }: EventDraft): void {
    const part = {
      kind: "event",
      numbering: "session",
      counter: 1,
      time,
      causationId: null,
      type,
      schemaVersion,
      payload
    } as const
    this.#pending.push({ call: null, isOwn: () => true, part })
  }

  /** What is to be appended, without secrets. */
  take(): ReadonlyArray<Appendable> {
    const pending = this.#pending
    this.#pending = []
    const inParts = pending.filter((each): each is PendingPart => !isEvent(each))
    const parts = storedParts(inParts, this.#redactor, this.#debugBytes)
    const appended: Array<Appendable> = []
    let open: OpenFact | undefined
    let index = 0
    for (const each of pending) {
      if (isEvent(each)) {
        open = undefined
        appended.push(each.event)
        continue
      }
      if (open === undefined || !fits(open, each.call)) appended.push(open = this.#open())
      open.call ??= each.call
      open.parts.push(parts[index++]!)
    }
    return appended
  }

  #open(): OpenFact {
    const { parentSessionId, principal, requestId, sessionId } = this.#options
    return {
      requestId,
      sessionId,
      parentSessionId,
      principal: principal?.id ?? null,
      debugBytes: this.#debugBytes,
      call: null,
      parts: []
    }
  }
}
