/** How vector indexes fail; and what each failure is to a client. */
import { Schema } from "effect"
import { BadGateway, BadRequest, envelope, GatewayTimeout, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import type { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"

/** Nobody keeps vectors here, or nobody of that name. */
export class NoVectorIndex extends Schema.TaggedError<NoVectorIndex>()("NoVectorIndex", {
  /** Null: none was named. */
  provider: Schema.NullOr(Schema.String),
  configured: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const { configured, provider } = this
    if (provider !== null && configured.length > 0) {
      return `There is no vector index ${JSON.stringify(provider)} here: name one of ${configured.join(", ")}, or none`
    }
    return "No provider of vector_io is configured. Add one: providers: { vector_io: [{ provider_id: sqlite-vec, " +
      "provider_type: \"inline::sqlite-vec\" }] }"
  }
}

export const noVectorIndex = ({ message, provider }: NoVectorIndex) =>
  provider === null
    ? new ServiceUnavailable(envelope(message, { type: "server_error", code: "no_vector_index" }))
    : new BadRequest(envelope(message, { param: "provider_id", code: "no_vector_index" }))

export const vectorIndexFailed = ({ message, reason }: VectorIndexFailed) => {
  const details = { type: "upstream_error", code: `vector_index_${reason}` }
  switch (reason) {
    case "unsupported":
      return new BadRequest(envelope(message, { code: "unsupported_value" }))
    case "rejected":
      return new BadRequest(envelope(message, { code: details.code }))
    case "busy":
      return new ServiceUnavailable(envelope(message, { type: "server_error", code: details.code }))
    case "timeout":
      return new GatewayTimeout(envelope(message, details))
    default:
      return new BadGateway(envelope(message, details))
  }
}
