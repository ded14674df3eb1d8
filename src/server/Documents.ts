/** The documents of the API: the OpenAPI description, and a page to read it with. */
import { Effect, Layer, Scope } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { HttpApiScalar } from "effect/http-api"
import { ServedApi } from "../apis/ServedApi.ts"

export const openApiPath = "/openapi.json"
export const docsPath = "/docs"

const paths = new Set(["/", openApiPath, docsPath])

/** Documents are only looked at: they are not recorded. */
export const isDocument = (url: string): boolean => paths.has(url.split("?")[0] ?? url)

/** The page brings three megabytes of its own: they are loaded when somebody asks for it. */
const docs = Layer.effectDiscard(Effect.gen(function*() {
  const router = yield* HttpRouter.HttpRouter
  const { api } = yield* ServedApi
  const page = yield* Effect.cached(HttpRouter.toHttpEffect(HttpApiScalar.layer(api, { path: docsPath })))
  const scope = yield* Effect.scope
  yield* router.add("GET", docsPath, Effect.flatten(page).pipe(Effect.provideService(Scope.Scope, scope)))
}))

const root = HttpRouter.add("GET", "/", HttpServerResponse.redirect(docsPath))

export const layer = Layer.mergeAll(docs, root)
