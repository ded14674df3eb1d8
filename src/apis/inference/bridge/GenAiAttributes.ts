/** What a span of `effect/ai` says of a request and its answer, as OpenTelemetry GenAI names it. */
import type { Tracer } from "effect"
import { Telemetry } from "effect/ai"
import { textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../../kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../../kernel/messages/ChatResponse.ts"
import * as ResponseParts from "./ResponseParts.ts"

/** Who answers here: a Strata, whatever vendor it asks. */
const provider = { name: "strata" }

export const ofRequest = (span: Tracer.Span, request: ChatRequest): void =>
  Telemetry.addGenAIAnnotations(span, {
    provider,
    operation: { name: "chat" },
    output: { type: request.response_format == null || request.response_format.type === "text" ? "text" : "json" },
    request: {
      model: request.model,
      temperature: request.temperature,
      topK: request.top_k,
      topP: request.top_p,
      maxTokens: request.max_output_tokens,
      stopSequences: request.stop == null ? undefined : [...request.stop],
      frequencyPenalty: request.frequency_penalty,
      presencePenalty: request.presence_penalty,
      seed: request.seed
    }
  })

export const ofResponse = (span: Tracer.Span, response: ChatResponse, { headers }: ResponseParts.Head): void => {
  Telemetry.addGenAIAnnotations(span, {
    response: {
      id: textOrNull(response.metadata?.["id"]),
      model: textOrNull(response.metadata?.["model"]),
      finishReasons: [ResponseParts.finishReasonOf(response)]
    },
    usage: { inputTokens: response.usage?.input_tokens, outputTokens: response.usage?.output_tokens }
  })
  const [request, session] = [headers["x-request-id"], headers["x-strata-session-id"]]
  if (request !== undefined) span.attribute("strata.request.id", request)
  if (session !== undefined) span.attribute("strata.session.id", session)
}
