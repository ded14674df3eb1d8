/**
 * How a request to a vendor becomes one of an account: by a key in a header, by a token that is fetched for it, or by a
 * signature over all of it.
 */
import type { Effect } from "effect"
import type { HttpClient, HttpClientRequest } from "effect/http"
import type { AuthenticationFailed } from "./AuthenticationFailed.ts"

type Headers = Readonly<Record<string, string>>
type Request = HttpClientRequest.HttpClientRequest

/** The headers that carry a key. */
export type Authorize = (key: string) => Headers

/** Gives a request, whole and with its address, what makes it the configured account's. */
export type Sign = (request: Request) => Effect.Effect<Request, AuthenticationFailed>

export interface Authentication {
  /** For a key that goes out as it is, configured or a client's own; absent: there are none. */
  readonly authorize?: Authorize
  /** For a request with which no such key goes; absent: it goes without. */
  readonly sign?: Sign
  /** What it adds besides secret headers: a verification sends them, too, as they were recorded. */
  readonly openHeaders?: ReadonlyArray<string>
}

/** Which authentication an instance has is told by its configuration. Nothing is fetched before the first request. */
export interface AuthenticationType<in Config> {
  /** As a person calls it: `Bearer token`. */
  readonly name: string
  /** A client's own key may take the place of what is configured. */
  readonly takesClientKey: boolean
  readonly make: (config: Config) => Effect.Effect<Authentication, never, HttpClient.HttpClient>
}
