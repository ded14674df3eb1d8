/** What a fake upstream does with one request, and how it is written to the socket. */
import { Effect } from "effect"
import type { Duration, Schema } from "effect"
import type { ServerResponse } from "node:http"

export interface Frame {
  /** As it goes over the wire. */
  readonly text: string | Uint8Array
  /** Waited for before the frame is written. */
  readonly delay?: Duration.Input
}

export type ScriptedAnswer =
  | {
    readonly _tag: "Fixed"
    readonly status: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body: string
    /** Waited for before the head is written. */
    readonly delay?: Duration.Input
  }
  | {
    readonly _tag: "Frames"
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
    readonly frames: ReadonlyArray<Frame>
    /** After the last frame the answer stays open. */
    readonly hold?: boolean
    /** After so many frames the socket is destroyed. */
    readonly destroyAfter?: number
  }
  | { readonly _tag: "Silent" }

export interface EventsOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Waited for before every frame. */
  readonly delay?: Duration.Input
  readonly hold?: boolean
  readonly destroyAfter?: number
  /** Whether `data: [DONE]` follows; by default it does, unless the answer is held open. */
  readonly done?: boolean
}

const json = (status: number, body: Schema.Json, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer => ({
  _tag: "Fixed",
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body)
})

/** OpenAI's error envelope. */
const error = (status: number, message: string, code: string | null = null, type = "invalid_request_error") =>
  json(status, { error: { message, type, param: null, code } })

/** OpenAI's event stream: `data: <json>` for each value, then `data: [DONE]`. */
const events = (values: ReadonlyArray<Schema.Json>, options: EventsOptions = {}): ScriptedAnswer => {
  const { delay, done = options.hold !== true, ...rest } = options
  const texts = values.map((value) => JSON.stringify(value)).concat(done ? ["[DONE]"] : [])
  const frame = (text: string): Frame => delay === undefined ? { text } : { text, delay }
  return { _tag: "Frames", ...rest, frames: texts.map((text) => frame(`data: ${text}\n\n`)) }
}

const silent: ScriptedAnswer = { _tag: "Silent" }

export const ScriptedAnswer = { json, error, events, silent }

const sleep = (delay: Duration.Input | undefined) => delay === undefined ? Effect.void : Effect.sleep(delay)

const write = (response: ServerResponse, text: string | Uint8Array) =>
  Effect.callback<void>((resume) => void response.write(text, () => resume(Effect.void)))

const end = (response: ServerResponse, text: string) =>
  Effect.callback<void>((resume) => void response.end(text, () => resume(Effect.void)))

/** Writes the answer; `settled` is called when the server is done with it, before a socket is destroyed. */
export const writeAnswer = Effect.fnUntraced(
  function*(response: ServerResponse, answer: ScriptedAnswer, settled: () => void): Effect.fn.Return<void> {
    if (answer._tag === "Silent") return yield* Effect.never
    if (answer._tag === "Fixed") {
      yield* sleep(answer.delay)
      response.writeHead(answer.status, answer.headers ?? {})
      yield* end(response, answer.body)
      return settled()
    }
    const headers = { "content-type": "text/event-stream", "cache-control": "no-cache", ...answer.headers }
    response.writeHead(answer.status ?? 200, headers)
    response.flushHeaders()
    for (const frame of answer.frames.slice(0, answer.destroyAfter)) {
      yield* sleep(frame.delay)
      yield* write(response, frame.text)
    }
    if (answer.destroyAfter !== undefined) {
      settled()
      response.destroy()
      return
    }
    if (answer.hold === true) return yield* Effect.never
    yield* end(response, "")
    settled()
  }
)
