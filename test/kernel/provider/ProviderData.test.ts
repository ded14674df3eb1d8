/** What a client sends for providers is checked by their Schemas, kept by instance, and never repeated. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import type { PlannedProvider } from "../../../src/kernel/provider/PlannedProvider.ts"
import * as ProviderData from "../../../src/kernel/provider/ProviderData.ts"
import { planned } from "../../support/PlannedProvider.ts"

const Data = Schema.Struct({
  api_key: ProviderData.Key,
  organization: Schema.optionalKey(Schema.String),
  extra: Schema.optionalKey(ProviderData.Anything)
})

const taking = (provider_id: string, more: Partial<PlannedProvider> = {}): PlannedProvider => {
  const plain = planned(provider_id)
  return { ...plain, definition: { ...plain.definition, providerData: Data }, ...more }
}

const inner = (id: string) => ({ ...taking(id), provider_type: "remote::inner" })
const replay = planned("cached")
const anything = { ...replay.definition, providerData: ProviderData.Anything }

const providers = [
  taking("openai"),
  taking("azure"),
  planned("local"),
  taking("azure", { api: "safety", provider_type: "remote::guard" }),
  { ...replay, provider_type: "inline::replay", definition: anything, upstream: inner("cached") }
]

const read = (header: unknown) =>
  Effect.gen(function*() {
    const reader = yield* ProviderData.ProviderDataReader
    return yield* reader(typeof header === "string" ? header : JSON.stringify(header))
  }).pipe(Effect.provide(ProviderData.layer(providers)))

const keysOf = ({ given }: ProviderData.ProviderData) =>
  Object.fromEntries(
    [...given].map(([instance, data]) => [instance, Redacted.value((data as typeof Data.Type).api_key)])
  )

const secret = "sk-do-not-show-me"

const refused: ReadonlyArray<
  { readonly name: string; readonly header: unknown; readonly field: string; readonly says: RegExp }
> = [
  { name: "no JSON", header: secret, field: "", says: /expected a JSON object/ },
  { name: "a list", header: [secret], field: "", says: /expected a JSON object/ },
  { name: "a text", header: `"${secret}"`, field: "", says: /expected a JSON object/ },
  { name: "null", header: "null", field: "", says: /expected a JSON object/ },
  {
    name: "two headers in one",
    header: `{"openai":{"api_key":"${secret}"}}, {}`,
    field: "",
    says: /expected a JSON object/
  },
  {
    name: "more than 8192 characters",
    header: { openai: { api_key: secret.padEnd(8200) } },
    field: "",
    says: /longer than 8192/
  },
  {
    name: "an unknown provider",
    header: { opennai: { api_key: secret } },
    field: ".opennai",
    says: /no provider has this provider_id or provider_type: did you mean openai\?/
  },
  {
    name: "the flat form of Llama Stack",
    header: { vendor_key: secret },
    field: ".vendor_key",
    says: /GET \/v1\/providers lists them/
  },
  {
    name: "a provider that takes nothing",
    header: { local: { api_key: secret } },
    field: ".local",
    says: /takes nothing/
  },
  { name: "a text for an object", header: { openai: secret }, field: ".openai", says: /got a string/ },
  { name: "a list for an object", header: { openai: [secret] }, field: ".openai", says: /got a list/ },
  { name: "a missing field", header: { openai: {} }, field: ".openai.api_key", says: /./ },
  { name: "null for a field", header: { openai: { api_key: null } }, field: ".openai.api_key", says: /got nothing/ },
  { name: "a list for a key", header: { openai: { api_key: [secret] } }, field: ".openai.api_key", says: /got a list/ },
  { name: "an empty key", header: { openai: { api_key: "" } }, field: ".openai.api_key", says: /visible ASCII/ },
  {
    name: "a key that would end the header",
    header: { openai: { api_key: `${secret}\r\nx-evil: 1` } },
    field: ".openai.api_key",
    says: /visible ASCII/
  },
  {
    name: "a base URL: where requests go is not the client's to say",
    header: { openai: { api_key: secret, base_url: `https://${secret}` } },
    field: ".openai.base_url",
    says: /unknown key base_url/
  },
  {
    name: "a number for a text",
    header: { openai: { api_key: secret, organization: 7_654_321 } },
    field: ".openai.organization",
    says: /got a number/
  },
  {
    name: "what one of several instances refuses",
    header: { "remote::vendor": { key: secret } },
    field: ".remote::vendor.key",
    says: /unknown key key/
  }
]

describe("ProviderData", () => {
  it.effect("is kept by instance, of every API that has one of the id", () =>
    Effect.gen(function*() {
      const data = yield* read({ openai: { api_key: "of-openai" }, azure: { api_key: "of-azure" } })
      assert.deepStrictEqual(keysOf(data), {
        "inference/openai": "of-openai",
        "inference/azure": "of-azure",
        "safety/azure": "of-azure"
      })
    }))

  it.effect("goes to all instances of a type, but for those named by id, in any order", () =>
    Effect.gen(function*() {
      const [one, other] = [["openai", { api_key: "its-own" }], ["remote::vendor", { api_key: "of-all" }]] as const
      for (const entries of [[one, other], [other, one]]) {
        const data = yield* read(Object.fromEntries(entries))
        assert.deepStrictEqual(keysOf(data), { "inference/openai": "its-own", "inference/azure": "of-all" })
      }
    }))

  it.effect("goes to who asks the vendor, by the id of the instance around it or by its own type", () =>
    Effect.gen(function*() {
      for (const name of ["cached", "remote::inner"]) {
        assert.deepStrictEqual(keysOf(yield* read({ [name]: { api_key: "of-inner" } })), {
          "inference/cached": "of-inner"
        })
      }
    }))

  it.effect("knows what of it is secret", () =>
    Effect.gen(function*() {
      const data = yield* read({
        openai: { api_key: "of-openai", organization: "acme", extra: { deep: [{ key: "in-depth" }], n: 1 } }
      })
      assert.deepStrictEqual(data.secrets, ["of-openai", "in-depth"])
    }))

  it.effect("is there for the request that brought it, and for no other", () =>
    Effect.gen(function*() {
      const instance = { api: "inference", provider_id: "openai" }
      const key = Effect.map(ProviderData.of(Data, instance), (data) => data && Redacted.value(data.api_key))
      const { given } = yield* read({ openai: { api_key: "of-openai" } })
      assert.strictEqual(yield* Effect.provideService(key, ProviderData.CurrentProviderData, given), "of-openai")
      assert.isUndefined(yield* key)
    }))

  it.effect.each(refused)(
    "refuses $name, with the field and without its value",
    ({ field, header, says }) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(read(header))
        assert.strictEqual(error.field, `x-strata-provider-data${field}`)
        assert.match(error.message, says)
        assert.include(error.message, error.field)
        assert.notInclude(error.message, secret)
        assert.notInclude(error.message, "7654321")
      })
  )

  it.effect.prop("never repeats a value, whatever it is", [Schema.Json], ([value]) =>
    Effect.gen(function*() {
      const marked = { openai: { api_key: { [secret.slice(0, 2)]: secret, value }, organization: [secret, value] } }
      const error = yield* Effect.flip(read(marked))
      assert.notInclude(error.message, secret)
    }))
})
