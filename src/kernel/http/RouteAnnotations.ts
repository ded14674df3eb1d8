/** What a route says about itself beyond its Schemas. */
import { Context } from "effect"

/**
 * False for operations that only look (health, documents, the event streams themselves) or say what was seen, so that
 * watching does not fill the log. Default true.
 */
export const Recorded = Context.Reference<boolean>("strata/kernel/http/RouteAnnotations/Recorded", {
  defaultValue: () => true
})

/**
 * True for what everyone may ask, known or not, and as often as they like: health, version. Default false. The OpenAPI
 * document says so as `x-public`.
 */
export const Public = Context.Reference<boolean>("strata/kernel/http/RouteAnnotations/Public", {
  defaultValue: () => false
})

/** For an endpoint's `OpenApi.annotations({ transform })`. */
export const publicOperation = (operation: Record<string, unknown>) => ({ ...operation, "x-public": true })

/** The path parameter that names the session the request stands in, in place of the header; absent: the header does. */
export const SessionParameter = Context.Reference<string | undefined>(
  "strata/kernel/http/RouteAnnotations/SessionParameter",
  {
    defaultValue: () => undefined
  }
)

/** True where the last path parameter may contain slashes as they are: `GET /v1/models/openai/gpt-4o`. */
export const SlashesInLastParameter = Context.Reference<boolean>(
  "strata/kernel/http/RouteAnnotations/SlashesInLastParameter",
  {
    defaultValue: () => false
  }
)

/**
 * False for operations that change sessions or registries themselves: without a header that names one, they stand in no
 * session, and no replay runs them again. Default true: a request that names none gets a session of its own.
 */
export const OpensSession = Context.Reference<boolean>("strata/kernel/http/RouteAnnotations/OpensSession", {
  defaultValue: () => true
})

/**
 * Whether a replay runs it again. Default: what may open a session. True for operations that change documents: they open
 * none of their own, and a replay has what they change.
 */
export const RunsAgain = Context.Reference<boolean | undefined>("strata/kernel/http/RouteAnnotations/RunsAgain", {
  defaultValue: () => undefined
})

/**
 * True where a body goes through as a stream: its handler reads it as it comes, however long it is, and it stands in no
 * event.
 */
export const BodyPasses = Context.Reference<boolean>("strata/kernel/http/RouteAnnotations/BodyPasses", {
  defaultValue: () => false
})
