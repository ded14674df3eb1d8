/** The fake model vendor: a process that answers every chat completion, and every response, at once. */
// @effect-diagnostics *:off
import * as http from "node:http"
import { chunks, placeholder, words } from "./FakeAnswer.ts"
import { responseParts, responseStreamParts } from "./FakeResponses.ts"

const identity = (object: string) => ({ id: placeholder, object, created: 1_760_000_000, model: "bench-model" })

const usage = { prompt_tokens: 10, completion_tokens: chunks, total_tokens: 10 + chunks }

const completion = JSON.stringify({
  ...identity("chat.completion"),
  choices: [{
    index: 0,
    message: { role: "assistant", content: words.join(""), refusal: null },
    logprobs: null,
    finish_reason: "stop"
  }],
  usage
})

const chunk = (delta: object, finishReason: string | null = null, more: object = {}): string =>
  `data: ${
    JSON.stringify({
      ...identity("chat.completion.chunk"),
      choices: [{ index: 0, delta, finish_reason: finishReason }],
      ...more
    })
  }\n\n`

const stream = [
  chunk({ role: "assistant", content: words[0] }),
  ...words.slice(1).map((content) => chunk({ content })),
  chunk({}, "stop", { usage }),
  "data: [DONE]\n\n"
].join("")

const completionParts = completion.split(placeholder)
const streamParts = stream.split(placeholder)
const models = JSON.stringify({
  object: "list",
  data: [{ id: "bench-model", object: "model", created: 1_760_000_000, owned_by: "bench" }]
})

let answered = 0

interface Answers {
  readonly prefix: string
  readonly plain: ReadonlyArray<string>
  readonly streamed: ReadonlyArray<string>
}

const answers: Readonly<Record<string, Answers>> = {
  "/v1/chat/completions": { prefix: "chatcmpl-", plain: completionParts, streamed: streamParts },
  "/v1/responses": { prefix: "resp_", plain: responseParts, streamed: responseStreamParts }
}

const answer = ({ plain, prefix, streamed }: Answers, body: string, response: http.ServerResponse): void => {
  answered += 1
  const id = prefix + String(answered).padStart(12, "0")
  if (body.includes("\"stream\":true")) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" })
    response.end(streamed.join(id))
  } else {
    const text = plain.join(id)
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
    response.end(text)
  }
}

/** GET /v1/models, POST /v1/chat/completions and POST /v1/responses on loopback. */
export const FakeUpstream = (port: number): http.Server => {
  const server = http.createServer((request, response) => {
    const asked = request.method === "POST" ? answers[request.url ?? ""] : undefined
    if (asked !== undefined) {
      let body = ""
      request.setEncoding("utf8")
      request.on("data", (text: string) => body += text)
      request.on("end", () => answer(asked, body, response))
    } else if (request.method === "GET" && request.url === "/v1/models") {
      response.writeHead(200, { "content-type": "application/json" })
      response.end(models)
    } else {
      response.writeHead(404, { "content-type": "application/json" })
      response.end("{\"error\":{\"message\":\"no such route\",\"type\":\"invalid_request_error\"}}")
    }
  })
  server.keepAliveTimeout = 60_000
  return server.listen(port, "127.0.0.1", 1024)
}

if (import.meta.main) {
  process.once("disconnect", () => process.exit())
  FakeUpstream(Number(process.argv[2]))
}
