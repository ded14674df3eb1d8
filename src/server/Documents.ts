/** The documents of the API: the OpenAPI description, and a page to read it with. */
import { Effect, Layer, Scope } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { HttpApiScalar } from "effect/http-api"
import * as DocumentPaths from "../kernel/http/DocumentPaths.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"

const paths = new Set(DocumentPaths.all)

/** Documents are only looked at: they are not recorded. */
export const isDocument = (url: string): boolean => paths.has(url.split("?")[0] ?? url)

/** The page brings three megabytes of its own: they are loaded when somebody asks for it. */
const docs = Layer.effectDiscard(Effect.gen(function*() {
  const router = yield* HttpRouter.HttpRouter
  const { api } = yield* ServedApi
  const page = yield* Effect.cached(HttpRouter.toHttpEffect(HttpApiScalar.layer(api, {
    path: DocumentPaths.page,
    // Where the server wants no key there is no such scheme, and the page asks for none. It loads nothing from elsewhere.
    scalar: { authentication: { preferredSecurityScheme: "bearer" }, withDefaultFonts: false }
  })))
  const scope = yield* Effect.scope
  yield* router.add("GET", DocumentPaths.page, Effect.flatten(page).pipe(Effect.provideService(Scope.Scope, scope)))
}))

const root = HttpRouter.add("GET", DocumentPaths.root, HttpServerResponse.redirect(DocumentPaths.page))

export const layer = Layer.mergeAll(docs, root)
