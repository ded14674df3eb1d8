/** What benchmark clients send: the same bytes every time. */
// @effect-diagnostics *:off

export type Mode = "json" | "sse"

/** What is asked: a chat completion, or a response. */
export type Operation = "chat" | "responses"

const messages = [
  {
    role: "system",
    content:
      "You are the assistant of a small hardware shop. Answer in plain language, quote prices in euros, and say so "
      + "when you do not know. Never promise a delivery date. Keep every answer under one hundred and twenty words."
  },
  {
    role: "user",
    content: "Hello! I want to hang a shelf of about 20 kg on a plasterboard wall. Which fixings do I need?"
  },
  {
    role: "assistant",
    content:
      "For 20 kg on plasterboard use metal hollow-wall anchors, at least four of them, or fix the brackets to the "
      + "studs with 5 x 60 mm wood screws. Do you know where the studs are, and how thick the board is?"
  },
  {
    role: "user",
    content:
      "The board is 12.5 mm, single layer, and I have no idea about the studs. The brackets have two holes each. "
      + "How many anchors should I buy, and what drill bit do they take?"
  }
]

/** A chat of four messages, about 1 KB: what the log suite records. */
export const chatBody = (model: string, mode: Mode): string => {
  const settings = { temperature: 0.7, max_tokens: 256, user: "customer-4711" }
  return JSON.stringify({ model, messages, ...settings, ...(mode === "sse" ? { stream: true } : {}) })
}

/** The shortest chat: so little is in it that what is measured is the way, not the text. */
const shortBody = (model: string, mode: Mode): string =>
  JSON.stringify({
    model,
    stream: mode === "sse",
    messages: [{ role: "system", content: "You are terse." }, { role: "user", content: "Say hello." }]
  })

/** The same as a response. */
const shortResponse = (model: string, mode: Mode): string =>
  JSON.stringify({ model, stream: mode === "sse", instructions: "You are terse.", input: "Say hello." })

export const pathOf = (operation: Operation): string => operation === "chat" ? "/v1/chat/completions" : "/v1/responses"

export const bodyOf = (operation: Operation, model: string, mode: Mode): string =>
  operation === "chat" ? shortBody(model, mode) : shortResponse(model, mode)

/** The whole HTTP/1.1 request as it goes over the socket. */
export const requestOf = (operation: Operation, port: number, model: string, mode: Mode): string => {
  const body = bodyOf(operation, model, mode)
  const headers = [
    `POST ${pathOf(operation)} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "authorization: Bearer sk-fake",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`
  ]
  return `${headers.join("\r\n")}\r\n\r\n${body}`
}

/** What the end of a complete answer contains. */
export const answerMark = (operation: Operation, mode: Mode): string =>
  mode === "json" ? "\"usage\"" : operation === "chat" ? "data: [DONE]" : "\"total_tokens\""
