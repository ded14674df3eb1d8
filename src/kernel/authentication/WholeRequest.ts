/** A request as a signature sees it: where it goes, and all of its bytes. */
import { Effect, Option } from "effect"
import { HttpClientRequest } from "effect/http"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"

export interface WholeRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export const of = (
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<WholeRequest, AuthenticationFailed> => {
  const { body, headers, method } = request
  const url = HttpClientRequest.toUrl(request)
  if (Option.isNone(url)) {
    return Effect.fail(new AuthenticationFailed({ message: "its address is no URL: check base_url" }))
  }
  if (body._tag !== "Empty" && body._tag !== "Uint8Array") {
    return Effect.fail(new AuthenticationFailed({ message: "a body that is streamed can't be signed" }))
  }
  return Effect.succeed({
    method,
    url: url.value,
    headers,
    body: body._tag === "Empty" ? new Uint8Array() : body.body
  })
}
