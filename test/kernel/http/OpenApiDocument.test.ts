/** The OpenAPI document is valid, says everything of every operation, and lists what is served. */
import { assert, describe, it } from "@effect/vitest"
import { Validator } from "@seriousme/openapi-schema-validator"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { Strata } from "../../support/Strata.ts"

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly security?: ReadonlyArray<object>
  readonly "x-public"?: boolean
  readonly description?: string
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: object }>>
}
interface Document {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>
    readonly securitySchemes: Readonly<Record<string, unknown>>
  }
}
interface Routes {
  readonly data: ReadonlyArray<{ readonly operation_id: string; readonly method: string; readonly route: string }>
}

const given = Effect.gen(function*() {
  const strata = yield* Strata.make()
  return { strata, ...yield* read(strata) }
})

const read = Effect.fnUntraced(function*(strata: Strata) {
  const answer = yield* Http.send(strata.url, "/openapi.json")
  assert.strictEqual(answer.status, 200)
  const document = answer.json as Document
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation }))
  )
  return { document, operations }
})

describe("GET /openapi.json", () => {
  it.live("is a valid OpenAPI 3.1 document", () =>
    Effect.gen(function*() {
      const { document } = yield* given
      assert.match(document.openapi, /^3\.1\./)
      assert.isNotEmpty(document.info.description)
      const { errors, valid } = yield* Effect.promise(() =>
        new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>)
      )
      assert.isTrue(valid, JSON.stringify(errors))
    }))

  it.live("says of every operation what it is for, and how it can fail", () =>
    Effect.gen(function*() {
      const { operations } = yield* given
      assert.isAbove(operations.length, 0)
      for (const { method, operation, path } of operations) {
        const place = `${method} ${path}`
        assert.isNotEmpty(operation.operationId, place)
        assert.isNotEmpty(operation.summary, place)
        assert.isNotEmpty(operation.description, place)
        const responses = Object.entries(operation.responses ?? {})
        assert.isTrue(responses.some(([status]) => status.startsWith("2")), `${place} can succeed`)
        const errors = responses.filter(([status]) => Number(status) >= 400)
        assert.includeMembers(errors.map(([status]) => status), ["400", "500"], place)
        for (const [status, { content, description }] of responses) {
          assert.isNotEmpty(description, `${place} ${status}`)
          if (Number(status) >= 400) assert.property(content, "application/json", `${place} ${status}`)
        }
      }
    }))

  it.live("says how clients authenticate where they must, and what is for everyone", () =>
    Effect.gen(function*() {
      const { document, operations } = yield* read(
        yield* Strata.make({ auth: { providers: [Keys.provider({ a: {} })] } })
      )
      assert.sameMembers(Object.keys(document.components.securitySchemes), ["bearer", "api_key"])
      for (const { operation, path } of operations) {
        const isPublic = /^\/(v1|v1alpha\/admin)\/(health|version)$/.test(path)
        const refusals = ["401", "429"].filter((status) => status in (operation.responses ?? {}))
        assert.deepStrictEqual(refusals, isPublic ? [] : ["401", "429"], path)
        assert.strictEqual(operation["x-public"], isPublic ? true : undefined, path)
        assert.deepStrictEqual(operation.security, isPublic ? [] : [{ bearer: [] }, { api_key: [] }], path)
      }
    }))

  it.live("asks for no key where the server asks nobody who they are", () =>
    Effect.gen(function*() {
      const { document, operations } = yield* given
      assert.deepStrictEqual(document.components.securitySchemes, {})
      for (const { operation, path } of operations) {
        assert.notInclude(JSON.stringify(operation.security ?? []), "bearer", path)
      }
    }))

  it.live("gives each operation an id of its own", () =>
    Effect.gen(function*() {
      const { operations } = yield* given
      assert.strictEqual(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length)
    }))

  it.live("lists the routes of one version, and the types of the providers that serve each", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make()
      const strata = yield* Strata.make({ providers: [Strata.openAi(upstream)] })
      const routesOf = (query: string) =>
        Effect.map(
          Http.send(strata.url, `/v1/inspect/routes${query}`),
          ({ json }) => field(json, "data") as ReadonlyArray<{ route: string; provider_types: ReadonlyArray<string> }>
        )
      const [all, beta, deprecated] = [
        yield* routesOf(""),
        yield* routesOf("?api_filter=v1beta"),
        yield* routesOf("?api_filter=deprecated")
      ]
      assert.isNotEmpty(beta)
      assert.isBelow(beta.length, all.length)
      assert.isTrue(beta.every(({ route }) => route.startsWith("/v1beta/")))
      assert.deepStrictEqual(deprecated, [])
      const typesOf = (wanted: string) => all.find(({ route }) => route === wanted)?.provider_types
      assert.deepStrictEqual(typesOf("/v1/chat/completions"), ["remote::openai"])
      assert.deepStrictEqual(typesOf("/v1/models/{model_id}"), ["remote::openai"])
      assert.deepStrictEqual(typesOf("/v1/version"), [])
      const refused = yield* Http.send(strata.url, "/v1/inspect/routes?api_filter=v2")
      assert.strictEqual(refused.status, 400)
      assert.include(refused.text, "api_filter")
    }))

  it.live("lists the routes that GET /v1/inspect/routes lists, and these are what is served", () =>
    Effect.gen(function*() {
      const { operations, strata } = yield* given
      const { data } = (yield* Http.send(strata.url, "/v1/inspect/routes")).json as Routes
      const listed = data.map(({ method, operation_id, route }) => `${method} ${route} ${operation_id}`)
      const described = operations.map(({ method, operation, path }) => `${method} ${path} ${operation.operationId}`)
      assert.sameMembers(described, listed)

      /** What the router says to what it does not have; undefined: somebody answered. */
      const refusal = Effect.fnUntraced(function*(method: string, path: string) {
        const body = method.startsWith("P") ? { headers: { "content-type": "application/json" }, body: "{}" } : {}
        const options = { method, ...body }
        const status = yield* Effect.scoped(
          Effect.map(Http.open(strata.url, path, options), ({ statusCode }) => statusCode)
        )
        if (status !== 404 && status !== 405) return undefined
        const { json } = yield* Http.send(strata.url, path, options)
        const { error } = json as { readonly error?: { readonly code?: string } }
        // Not every dialect has codes.
        if (status === 405) return "method_not_allowed"
        // A session that another of these requests began meanwhile is there.
        return error?.code === "unknown_route" ? error.code : undefined
      })
      const concrete = (path: string) => path.replaceAll(/\{\w+\}/g, "none")
      const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
      /** `GET /v1/sessions/import` is a session of that name. */
      const isServed = (method: string, asked: string) =>
        operations.some((each) =>
          each.method === method && new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(asked)
        )
      const asked = [...new Set(operations.map(({ path }) => concrete(path)))].flatMap((path) =>
        methods.map((method) => ({ method, path }))
      )
      yield* Effect.forEach(
        asked,
        ({ method, path }) =>
          Effect.map(refusal(method, path), (refused) =>
            assert.strictEqual(
              refused,
              isServed(method, path) ? undefined : "method_not_allowed",
              `${method} ${path}`
            )),
        {
          concurrency: 8
        }
      )
      assert.strictEqual(yield* refusal("GET", "/v1/nothing"), "unknown_route")
    }))

  it.live("refers only to schemas it has, and uses each", () =>
    Effect.gen(function*() {
      const { document } = yield* given
      const text = JSON.stringify(document)
      const used = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? "")
      assert.sameMembers([...new Set(used)], Object.keys(document.components.schemas))
    }))
})

describe("GET /docs", () => {
  it.live("is a page that shows the document", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const page = yield* Http.send(strata.url, "/docs")
      assert.strictEqual(page.status, 200)
      assert.match(String(page.headers["content-type"]), /^text\/html/)
      assert.include(page.text, "createChatCompletion")
    }))

  it.live("is where the root leads", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      const root = yield* Http.send(strata.url, "/")
      assert.deepInclude(root, { status: 302 })
      assert.strictEqual(root.headers["location"], "/docs")
    }))

  it.live("leaves nothing in the log", () =>
    Effect.gen(function*() {
      const { strata } = yield* given
      for (const path of ["/", "/docs", "/openapi.json", "/v1/health", "/v1/version", "/v1/inspect/routes"]) {
        yield* Http.send(strata.url, path)
      }
      assert.deepStrictEqual(yield* strata.events({ types: ["api:*", "session:*"] }), [])
    }))
})
