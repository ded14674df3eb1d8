/** Where a request goes, as undici wants it. */
import { Option, Result } from "effect"
import type { HttpClientRequest } from "effect/http"
import * as Url from "effect/http/Url"

export interface RequestTarget {
  readonly origin: string
  readonly path: string
  /** The whole address, without what stands behind `#`. */
  readonly href: string
}

/** A segment that leads to another path than the one written: of a model's name, say, with dots in it. */
const dots = /\/(?:\.|%2e){1,2}(?:\/|$)/i

const leadsElsewhere = (url: string): boolean => dots.test(url.split(/[?#]/)[0]!)

const parse = (request: HttpClientRequest.HttpClientRequest): Result.Result<RequestTarget, unknown> =>
  leadsElsewhere(request.url) ?
    Result.fail(new Error("its path would have a segment of dots: check the model's name")) :
    Result.map(Url.make(request.url, request.urlParams, Option.getOrUndefined(request.hash)), (url) => ({
      origin: url.origin,
      path: url.pathname + url.search,
      href: url.href.split("#")[0]!
    }))

/** Most requests of a provider go to few addresses. */
const mostKept = 64

export const make = () => {
  const kept = new Map<string, RequestTarget>()

  return (request: HttpClientRequest.HttpClientRequest): Result.Result<RequestTarget, unknown> => {
    if (request.urlParams.params.length > 0 || Option.isSome(request.hash)) return parse(request)
    const before = kept.get(request.url)
    if (before !== undefined) return Result.succeed(before)
    const target = parse(request)
    if (Result.isSuccess(target)) {
      if (kept.size >= mostKept) kept.clear()
      kept.set(request.url, target.success)
    }
    return target
  }
}
