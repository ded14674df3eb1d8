/** What the lines of a batch may ask. */
import { Schema } from "effect"
import type { Operation } from "../../kernel/http/Operations.ts"

export const messages = "/v1/messages"

/** Of one batch; Anthropic takes as many, OpenAI half of them. */
export const mostRequests = 100_000

export const BatchEndpoint = Schema.Literals([
  "/v1/chat/completions",
  "/v1/responses",
  "/v1/embeddings",
  "/v1/completions",
  messages
]).annotate({ description: "What each line asks.", examples: ["/v1/chat/completions"] })

export const BatchProvider = Schema.String.annotate({
  description:
    "An inference provider whose vendor is to do the batch as one of its own (OpenAI's, Anthropic's), at the vendor's " +
    "price and pace. Default: Strata asks each line, whoever serves its model.",
  examples: ["openai"]
})

/** Undefined: its API is not served. */
export const operationOf = (operations: ReadonlyArray<Operation>, endpoint: string): Operation | undefined =>
  operations.find(({ method, path }) => method === "POST" && path === endpoint)
