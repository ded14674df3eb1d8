/** Lets pages of the origins that are configured use this server from a browser. */
import { Context } from "effect"
import type { HttpServerRequest } from "effect/http"
import { HttpServerResponse } from "effect/http"
import type { CorsSettings } from "../kernel/configuration/CorsConfiguration.ts"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

export interface Cors {
  readonly origins: ReadonlySet<string>
  /** The answer to a browser that asks what it may ask; undefined: it is no such request, or it may not. */
  readonly preflight: (request: Request) => Response | undefined
  /** Says in an answer, whatever it is, who may read it. */
  readonly allow: (request: Request, response: Response) => Response
}

const methods = "GET, HEAD, POST, PUT, PATCH, DELETE"

/** No cache may give the answer for one origin to another. */
const varying = (response: Response): Response => {
  const { vary } = response.headers
  return HttpServerResponse.setHeader(response, "vary", vary === undefined ? "Origin" : `${vary}, Origin`)
}

export const make = ({ credentials, exposedHeaders, maxAge, origins }: CorsSettings): Cors => {
  const allowed = new Set(origins)
  const readable = {
    ...credentials ? { "access-control-allow-credentials": "true" } : {},
    "access-control-expose-headers": exposedHeaders.join(", ")
  }

  return {
    origins: allowed,
    preflight: ({ headers, method }) => {
      const { "access-control-request-headers": asked, "access-control-request-method": wanted, origin } = headers
      if (method !== "OPTIONS" || origin === undefined || wanted === undefined || !allowed.has(origin)) return undefined
      return HttpServerResponse.empty({
        status: 204,
        headers: {
          "access-control-allow-methods": methods,
          ...asked === undefined ? {} : { "access-control-allow-headers": asked },
          "access-control-max-age": String(maxAge),
          vary: "Access-Control-Request-Method, Access-Control-Request-Headers"
        }
      })
    },
    allow: ({ headers: { origin } }, response) => {
      const varied = varying(response)
      return origin === undefined || !allowed.has(origin)
        ? varied
        : HttpServerResponse.setHeaders(varied, { ...readable, "access-control-allow-origin": origin })
    }
  }
}

/** Undefined: no page of another origin may. */
export const CurrentCors = Context.Reference<Cors | undefined>("strata/server/Cors/CurrentCors", {
  defaultValue: () => undefined
})
