/** Prompts through Llama Stack's own client, and as responses resolve them. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import type { APIError } from "llama-stack-client"
import { BadRequestError, ConflictError, LlamaStackClient, NotFoundError } from "llama-stack-client"
import { Prompts } from "../../../src/apis/prompts/Prompts.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { verify } from "../../support/verify.ts"

const served = Effect.map(Strata.make(), (strata) => ({
  ...strata,
  client: new LlamaStackClient({ baseURL: strata.url, maxRetries: 0 })
}))

const call = <A>(make: () => PromiseLike<A>) => Effect.promise(() => Promise.resolve(make()))
const failure = <A>(make: () => PromiseLike<A>) =>
  Effect.map(Effect.flip(Effect.tryPromise(() => Promise.resolve(make()))), ({ cause }) => cause as APIError)

const paramOf = (error: APIError) => (error.error as { readonly error: { readonly param: string } }).error.param

describe.each(ways)("prompts, before $way", ({ it }) => {
  it.live("given a prompt, when Llama Stack's client walks its endpoints, then each gives what OGX's would", () =>
    Effect.gen(function*() {
      const { client: { prompts } } = yield* served
      const made = yield* call(() => prompts.create({ prompt: "Answer in {{language}}.", variables: ["language"] }))
      assert.match(made.prompt_id, /^pmpt_[0-9a-f]{48}$/)
      assert.deepInclude(made, { version: 1, is_default: true, variables: ["language"] })
      const id = made.prompt_id
      const second = yield* call(() => prompts.update(id, { prompt: "In {{tongue}}.", version: 1 }))
      assert.deepInclude(second, { version: 2, is_default: true, variables: ["tongue"] })
      const third = yield* call(() => prompts.update(id, { prompt: "Draft", version: 2, set_as_default: false }))
      assert.deepInclude(third, { version: 3, is_default: false })
      assert.deepInclude(yield* call(() => prompts.retrieve(id)), { version: 2, prompt: "In {{tongue}}." })
      assert.deepStrictEqual(yield* call(() => prompts.retrieve(id, { version: 1 })), { ...made, is_default: false })
      assert.deepStrictEqual(yield* call(() => prompts.setDefaultVersion(id, { version: 1 })), made)
      const versions = yield* call(() => prompts.versions.list(id))
      assert.deepStrictEqual(versions.map((each) => [each.version, each.is_default]), [[1, true], [2, false], [
        3,
        false
      ]])
      const other = yield* call(() => prompts.create({ prompt: "Other" }))
      assert.deepStrictEqual(yield* call(() => prompts.list()), [other, made])
      yield* call(() => prompts.delete(id))
      assert.deepStrictEqual(yield* call(() => prompts.list()), [other])
      for (const ask of [() => prompts.retrieve(id), () => prompts.versions.list(id), () => prompts.delete(id)]) {
        assert.instanceOf(yield* failure<unknown>(ask), NotFoundError)
      }
    }))

  it.live("given what can't be, then the error says what to do", () =>
    Effect.gen(function*() {
      const { client: { prompts }, url } = yield* served
      const { prompt_id: id } = yield* call(() => prompts.create({ prompt: "a" }))
      yield* call(() => prompts.update(id, { prompt: "b", version: 1 }))
      const late = yield* failure(() => prompts.update(id, { prompt: "c", version: 1 }))
      assert.include(late.message, "version: 2")
      assert.instanceOf(late, ConflictError)
      assert.strictEqual(paramOf(late), "version")
      const undeclared = yield* failure(() => prompts.create({ prompt: "{{a}}", variables: ["b"] }))
      assert.instanceOf(undeclared, BadRequestError)
      assert.strictEqual(paramOf(undeclared), "variables")
      assert.instanceOf(yield* failure(() => prompts.retrieve(id, { version: 9 })), NotFoundError)
      assert.instanceOf(yield* failure(() => prompts.setDefaultVersion(id, { version: 9 })), NotFoundError)
      // Pages, for who wants them.
      yield* call(() => prompts.create({ prompt: "last" }))
      const first = yield* Http.send(url, "/v1/prompts?limit=1&order=asc")
      assert.deepInclude(first.json as object, { has_more: true })
      const next = yield* Http.send(url, `/v1/prompts?limit=1&order=asc&after=${id}`)
      assert.deepInclude(next.json as object, { has_more: false })
      const versions = yield* Http.send(url, `/v1/prompts/${id}/versions?after=1`)
      assert.strictEqual((versions.json as { readonly data: ReadonlyArray<{ version: number }> }).data[0]?.version, 2)
    }))

  it.live("given a reference to a prompt, when it is resolved, then it is its text with the values", () =>
    Effect.gen(function*() {
      const { client: { prompts }, inProcess } = yield* served
      const { prompt_id: id } = yield* call(() => prompts.create({ prompt: "In {{language}}." }))
      yield* call(() => prompts.update(id, { prompt: "See {{picture}}", version: 1, set_as_default: false }))
      const resolve = (reference: object) =>
        inProcess(Effect.flatMap(Prompts, (service) => service.resolve({ id, ...reference })) as Effect.Effect<never>)
      assert.deepStrictEqual<unknown>(yield* resolve({ variables: { language: "Norwegian" } }), {
        id,
        version: "1",
        instructions: "In Norwegian.",
        items: []
      })
      const image = { type: "input_image", image_url: "data:,x" }
      assert.deepStrictEqual<unknown>(yield* resolve({ version: "latest", variables: { picture: image } }), {
        id,
        version: "2",
        instructions: null,
        items: [{ type: "message", role: "developer", content: [{ type: "input_text", text: "See " }, image] }]
      })
      const failed = (reference: object) => Effect.flip(resolve(reference) as Effect.Effect<never, object>)
      assert.deepInclude(yield* failed({}), { _tag: "DocumentInvalid", field: "prompt.variables.language" })
      assert.deepInclude(yield* failed({ version: "first" }), { _tag: "DocumentInvalid", field: "prompt.version" })
      assert.deepInclude(yield* failed({ version: "7" }), { _tag: "DocumentNotFound", type: "prompt_version" })
    }))

  it.live("given a session that changes a prompt of before, then it verifies", () =>
    Effect.gen(function*() {
      const { client: { prompts }, close, folder } = yield* served
      const ofSession = { headers: { "x-strata-session-id": "s" } }
      const { prompt_id: before } = yield* call(() => prompts.create({ prompt: "a" }))
      const { prompt_id: within } = yield* call(() => prompts.create({ prompt: "a" }, ofSession))
      for (const id of [before, within]) {
        yield* call(() => prompts.update(id, { prompt: "b {{x}}", version: 1 }, ofSession))
        yield* call(() => prompts.setDefaultVersion(id, { version: 1 }, ofSession))
      }
      yield* call(() => prompts.delete(within, ofSession))
      yield* close
      const [report] = yield* verify(folder, ["s"])
      assert.deepInclude(report, { requests: 6, skipped: [], divergence: undefined })
    }))
})
