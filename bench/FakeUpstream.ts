/** The fake model vendor: a process that answers every chat completion at once. */
// @effect-diagnostics *:off
import * as http from "node:http"

const identity = (id: string, object: string) => ({ id, object, created: 1_760_000_000, model: "bench-model" })
const placeholder = "ID-PLACEHOLDER"

const completion = JSON.stringify({
  ...identity(placeholder, "chat.completion"),
  choices: [{
    index: 0,
    message: {
      role: "assistant",
      content: "Buy four metal hollow-wall anchors for 12.5 mm board and an 8 mm drill bit."
    },
    logprobs: null,
    finish_reason: "stop"
  }],
  usage: { prompt_tokens: 212, completion_tokens: 20, total_tokens: 232 },
  service_tier: "default",
  system_fingerprint: "fp_bench"
})

const words = "Buy four metal hollow wall anchors for the 12.5 mm board, and an 8 mm drill bit to go with them. ".split(
  " "
)
const chunk = (delta: object, finishReason: string | null): string =>
  `data: ${
    JSON.stringify({
      ...identity(placeholder, "chat.completion.chunk"),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }]
    })
  }\n\n`

const stream = words.slice(0, 20).map((word) => chunk({ content: `${word} ` }, null)).join("")
  + chunk({}, "stop")
  + "data: [DONE]\n\n"

const completionParts = completion.split(placeholder)
const streamParts = stream.split(placeholder)
const models = JSON.stringify({
  object: "list",
  data: [{ id: "bench-model", object: "model", created: 1_760_000_000, owned_by: "bench" }]
})

let answered = 0

const answerChat = (body: string, response: http.ServerResponse): void => {
  answered += 1
  const id = `chatcmpl-${String(answered).padStart(20, "0")}`
  if (body.includes("\"stream\":true")) {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" })
    response.end(streamParts.join(id))
  } else {
    const text = completionParts.join(id)
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
    response.end(text)
  }
}

/** GET /v1/models and POST /v1/chat/completions on loopback. */
export const FakeUpstream = (port: number): http.Server => {
  const server = http.createServer((request, response) => {
    if (request.method === "POST" && request.url === "/v1/chat/completions") {
      let body = ""
      request.setEncoding("utf8")
      request.on("data", (text: string) => body += text)
      request.on("end", () => answerChat(body, response))
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
