/** A chat in OpenAI's dialect, as short as it can be: what a client asks, and what a fake upstream answers. */
import type { Duration, Schema } from "effect"
import type { FakeUpstream, ReceivedRequest } from "./FakeUpstream.ts"
import { Http } from "./Http.ts"
import type { HttpOptions } from "./Http.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"

export interface Ask {
  readonly model?: string
  readonly content?: string
  readonly stream?: boolean
  readonly session?: string
}

/** The request as it goes out. */
const post = ({ content = "Hello?", model = "upstream/m", session, stream = false }: Ask = {}): HttpOptions => ({
  method: "POST",
  headers: {
    "content-type": "application/json",
    ...(session === undefined ? {} : { "x-strata-session-id": session })
  },
  body: JSON.stringify({ model, stream, messages: [{ role: "user", content }] })
})

const ask = (url: string, asked?: Ask) => Http.send(url, "/v1/chat/completions", post(asked))

/** The request's number in the log, from the answer's headers. */
const requestId = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) =>
  String(headers["x-request-id"])

const completion = (content: string): Schema.JsonObject => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }]
})

const chunk = (content: string): Schema.JsonObject => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta: { content }, finish_reason: null }]
})

const streams = ({ body }: ReceivedRequest) =>
  typeof body === "object" && body !== null && "stream" in body && body.stream === true

/** A vendor that says these words: at once or word by word, as it is asked, after a delay for each part. */
const answering =
  (words: ReadonlyArray<string>, delay?: Duration.Input) => (request: ReceivedRequest): ScriptedAnswer => {
    const pause = delay === undefined ? {} : { delay }
    return streams(request)
      ? ScriptedAnswer.events(words.map(chunk), pause)
      : { ...ScriptedAnswer.json(200, completion(words.join(" "))), ...pause }
  }

/** A configuration file whose one provider asks the upstream. */
const configuration = ({ url }: Pick<FakeUpstream, "url">, more = "", models: ReadonlyArray<string> = ["m"]): string =>
  `providers:
  inference:
    - provider_id: upstream
      provider_type: remote::openai
      config: { base_url: "${url}", models: [${models.join(", ")}] }
${more}`

export const Chat = { post, ask, requestId, answering, configuration }
