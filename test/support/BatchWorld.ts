/** A whole Strata that keeps files and does batches, asked over HTTP as a client does. */
import { Effect } from "effect"
import { field, parse } from "../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { HttpAnswer } from "./Http.ts"
import { Http } from "./Http.ts"
import type { ScriptedAnswer } from "./ScriptedAnswer.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"
import { chatModel } from "./TurnWorld.ts"

export interface Options extends StrataOptions {
  readonly model?: (request: ReceivedRequest) => ScriptedAnswer | undefined
  /** What every client sends. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface Line {
  readonly custom_id?: string
  readonly method?: string
  readonly url?: string
  readonly body?: unknown
}

/** A line that asks for a chat completion. */
export const line = (custom_id: string, content = custom_id): Line => ({
  custom_id,
  method: "POST",
  url: "/v1/chat/completions",
  body: { model: "upstream/m", messages: [{ role: "user", content }] }
})

export const linesOf = (lines: ReadonlyArray<Line | string>): string =>
  lines.map((line) => typeof line === "string" ? line : JSON.stringify(line)).join("\n")

/** The objects of a file, a line each. */
export const objectsOf = ({ text }: Pick<HttpAnswer, "text">): ReadonlyArray<unknown> =>
  text.split("\n").filter((line) => line !== "").map((line) => parse(line))

export const files = [{ provider_id: "files", provider_type: "inline::localfs", config: {} }]

export const given = Effect.fnUntraced(function*({ headers = {}, model = chatModel, ...options }: Options = {}) {
  const upstream = yield* FakeUpstream.make({ respond: model })
  const strata = yield* Strata.make({
    level: "raw",
    providers: [Strata.openAi(upstream, { models: ["m"] })],
    more: { files },
    ...options
  })
  return { upstream, strata, ...clientAt(strata.url, headers) }
})

/** Of a server somewhere. */
export const clientAt = (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const get = (path: string) => Http.send(url, path, { headers })
  const post = (path: string, body: object, more: Readonly<Record<string, string>> = {}) =>
    Http.post(url, path, body, { ...headers, ...more })
  const upload = (text: string, purpose = "batch") =>
    Effect.promise(() => {
      const form = new FormData()
      form.append("purpose", purpose)
      form.append("file", new File([text], "input.jsonl"))
      return fetch(`${url}/v1/files`, { method: "POST", body: form, headers }).then((answer) => answer.json())
    }).pipe(Effect.map((file) => String(field(file, "id"))))
  const ofFile = (input_file_id: string, more: object = {}, sent: Readonly<Record<string, string>> = {}) =>
    post(
      "/v1/batches",
      { input_file_id, endpoint: "/v1/chat/completions", completion_window: "24h", ...more },
      sent
    )
  /** A minute: it may have to be handed out to another server first. */
  const awaitThat = (path: string, holds: (batch: unknown) => boolean): Effect.Effect<HttpAnswer> =>
    Effect.gen(function*() {
      for (let attempt = 0; attempt < 1200; attempt++) {
        const answer = yield* get(path)
        if (holds(answer.json)) return answer
        yield* Effect.sleep("50 millis")
      }
      return yield* Effect.die(new Error(`it does not come to it: ${(yield* get(path)).text}`))
    })
  return {
    get,
    post,
    upload,
    ofFile,
    awaitThat,
    create: (lines: ReadonlyArray<Line | string>, more?: object) =>
      Effect.flatMap(upload(linesOf(lines)), (id) => ofFile(id, more)),
    /** Waits until a batch stands so. */
    awaitStatus: (id: string, status: string) =>
      awaitThat(`/v1/batches/${id}`, (batch) => field(batch, "status") === status),
    content: (fileId: unknown) => Effect.map(get(`/v1/files/${String(fileId)}/content`), objectsOf),
    verify: (session: string) => Effect.map(post(`/v1/sessions/${session}/verify`, {}), ({ json }) => json)
  }
}
