/**
 * Gives the row writer what requests hand to their recording: each call of `Recording`, with what it was given, before
 * anything is made of it.
 */
import { Effect } from "effect"
import type { AppendFailed } from "../../../src/events/log/EventHub.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import type { EventDraft } from "../../../src/events/types/Envelope.ts"
import { CapturedStream } from "../../../src/events/types/StreamCapture.ts"
import type { Attributes } from "../../../src/kernel/requests/Recording.ts"
import { Recording } from "../../../src/kernel/requests/Recording.ts"
import type { ExpectedRows } from "./ExpectedRows.ts"
import type { RowAttributes, RowCall, RowStream } from "./RowWriter.ts"
import { RowWriter } from "./RowWriter.ts"
import type { TickingClock } from "./TickingClock.ts"

const streamOf = ({ bytes, encoding, frames, times }: CapturedStream): RowStream => ({
  bytes,
  times,
  chunks: encoding === "base64" ? frames.map(([, text]) => text) : []
})

/** The default of `recording.debug_bytes`. */
const defaultDebugBytes = 2048

/** Taps every recording of this process until what it gives is called. */
export const install = (rows: ExpectedRows, clock: TickingClock): () => void => {
  const writers = new WeakMap<Recording, RowWriter>()
  /** Recordings that may be dropped whole are never handed to the log. */
  const handOver = new WeakMap<Recording, () => void>()
  const calls = new WeakMap<object, RowCall>()
  const tapped = Recording.prototype
  const own = Object.getOwnPropertyDescriptors(tapped)
  /** Within a call of its own a recording asks itself. */
  let isWithin = false

  const writerOf = (recording: Recording): RowWriter => {
    let writer = writers.get(recording)
    if (writer === undefined) {
      const {
        debugBytes = defaultDebugBytes,
        principal,
        providerLevels = new Map(),
        rules,
        secrets,
        tenant = "",
        ...rest
      } = recording.options
      const pending: Array<EventDraft> = []
      const options = { ...rest, tenant, debugBytes, providerLevels, principal: principal?.id ?? null }
      writer = new RowWriter(
        { ...options, redactor: new Redactor(secrets, rules), now: () => recording.now },
        (row) => pending.push(row)
      )
      handOver.set(recording, () => {
        for (const row of pending.splice(0)) rows.add(rest.requestId, recording.stream, row)
      })
      writers.set(recording, writer)
    }
    return writer
  }

  const attributesOf = ({ causationId, isOwn, provider, sequence }: Attributes = {}): RowAttributes => ({
    causationId: causationId ?? null,
    provider: provider ?? null,
    call: sequence === undefined ? undefined : calls.get(sequence),
    isOwn
  })

  /** Both write at the same moment. */
  const tap = <Name extends "emitText" | "emitMasked" | "request" | "answer" | "add" | "begin">(
    name: Name,
    write: (writer: RowWriter, ...given: Parameters<Recording[Name]>) => void
  ) => {
    const method: (this: Recording, ...given: Parameters<Recording[Name]>) => unknown = tapped[name] as never
    Object.defineProperty(tapped, name, {
      ...own[name],
      value(this: Recording, ...given: Parameters<Recording[Name]>) {
        if (isWithin) return method.apply(this, given)
        return clock.held(() => {
          isWithin = true
          try {
            write(writerOf(this), ...given)
            return method.apply(this, given)
          } finally {
            isWithin = false
          }
        })
      }
    })
  }

  tap("emitText", (writer, definition, payload, given) => writer.text(definition, payload, attributesOf(given)))
  tap("emitMasked", (writer, definition, payload, given) => writer.masked(definition, payload, attributesOf(given)))
  tap("request", (writer, family, request, given) => writer.request(family, request, attributesOf(given)))
  tap(
    "answer",
    (writer, family, head, content, given) =>
      writer.answer(family, head, content instanceof CapturedStream ? streamOf(content) : content, attributesOf(given))
  )
  tap("add", (writer, event) => writer.add(event))
  tap("begin", (writer, event) => writer.add(event))
  Object.defineProperty(tapped, "sequenceOf", {
    ...own["sequenceOf"],
    value(this: Recording, path: string, attempt: number, provider: string) {
      const sequence = (own["sequenceOf"]!.value as Recording["sequenceOf"]).call(this, path, attempt, provider)
      calls.set(sequence, { path, attempt, provider })
      return sequence
    }
  })
  for (const name of ["flush", "commit"] as const) {
    const { get } = own[name] as { readonly get: (this: Recording) => Effect.Effect<unknown, AppendFailed> }
    Object.defineProperty(tapped, name, {
      ...own[name],
      get(this: Recording) {
        const effect = get.call(this)
        return Effect.suspend(() => {
          handOver.get(this)?.()
          return effect
        })
      }
    })
  }
  return () => Object.defineProperties(tapped, own)
}
