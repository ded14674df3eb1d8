/** What becomes of a registration, row by row. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { ModelsKind } from "../../../src/apis/models/ModelsKind.ts"
import type { ModelAttributes } from "../../../src/apis/models/ModelsKind.ts"
import type { Registration } from "../../../src/kernel/resources/ResourceRegistration.ts"
import { existing, removable, toResource } from "../../../src/kernel/resources/ResourceRegistration.ts"
import * as ResourceTable from "../../../src/kernel/resources/ResourceTable.ts"
import { resource } from "../../support/Models.ts"

type Given = Omit<Registration<ModelAttributes>, "otherwise" | "attributes"> & { readonly attributes?: object }

const alice = { id: "alice", attributes: {} }

const registration = ({ attributes = {}, ...given }: Given): Registration<ModelAttributes> => ({
  ...given,
  attributes,
  otherwise: (owned_by) => ({ created: 7, owned_by })
})

const say = (given: Given, providers: ReadonlyArray<string>): string =>
  Result.match(toResource(ModelsKind, registration(given), providers, alice), {
    onFailure: ({ field, message }) => `${field}: ${message}`,
    onSuccess: ({ identifier, provider_id, provider_resource_id }) =>
      `${identifier} = ${provider_id} ${provider_resource_id}`
  })

const two = ["openai", "groq"]

const rows: ReadonlyArray<{
  readonly name: string
  readonly given: Given
  readonly providers: ReadonlyArray<string>
  readonly becomes: string
}> = [
  {
    name: "the only provider is the default",
    given: { identifier: "fast", provider_resource_id: "gpt-4o-mini" },
    providers: ["openai"],
    becomes: "fast = openai gpt-4o-mini"
  },
  {
    name: "the name is the provider's too",
    given: { identifier: "m" },
    providers: ["openai"],
    becomes: "m = openai m"
  },
  {
    name: "the provider's id is no part of the provider's name",
    given: { identifier: "groq/org/m", provider_id: "groq" },
    providers: two,
    becomes: "groq/org/m = groq org/m"
  },
  {
    name: "what is not a provider's id is part of the name",
    given: { identifier: "org/m", provider_id: "groq" },
    providers: two,
    becomes: "org/m = groq org/m"
  },
  {
    name: "one of several providers must be named",
    given: { identifier: "m" },
    providers: two,
    becomes: "provider_id: Say which provider serves it: provider_id is one of openai, groq."
  },
  {
    name: "a provider that is not there",
    given: { identifier: "m", provider_id: "opnai" },
    providers: two,
    becomes: "provider_id: There is no provider `opnai`. Did you mean openai?"
  },
  {
    name: "a provider like none",
    given: { identifier: "m", provider_id: "x" },
    providers: two,
    becomes: "provider_id: There is no provider `x`. There is: openai, groq."
  },
  {
    name: "no provider at all",
    given: { identifier: "m" },
    providers: [],
    becomes: "provider_id: There is no provider to register a model with: configure one first."
  },
  {
    name: "a name in the form of another provider's",
    given: { identifier: "openai/m", provider_id: "groq" },
    providers: two,
    becomes: "model_id: `openai/m` names the provider openai, and groq is to serve it: choose a name that does not " +
      "begin with openai/."
  },
  {
    name: "a provider's name for something else of its own",
    given: { identifier: "groq/fast", provider_id: "groq", provider_resource_id: "m" },
    providers: two,
    becomes: "model_id: `groq/fast` is what groq calls fast: choose a name that does not begin with groq/ for its m."
  },
  {
    name: "a name that looks like a key",
    given: { identifier: `sk-proj-${"a1B2".repeat(12)}`, provider_id: "groq" },
    providers: two,
    becomes: "model_id: The name looks like a key: names stand in the log."
  },
  {
    name: "half a character",
    given: { identifier: "a\ud800b", provider_id: "groq" },
    providers: two,
    becomes: "model_id: A name has no control characters."
  },
  {
    name: "a provider and nothing",
    given: { identifier: "groq/", provider_id: "groq" },
    providers: two,
    becomes: "model_id: `groq/` names nothing behind its provider."
  }
]

const known = resource("openai", "gpt-4o", {
  identifier: "fast",
  source: "api",
  owner: alice,
  attributes: { created: 1, owned_by: "openai", model_type: "llm", metadata: { speed: 1 } }
})
const table = ResourceTable.of([known, resource("openai", "o1")])

const again: ReadonlyArray<{ readonly name: string; readonly given: Given; readonly answer: string }> = [
  { name: "a new name", given: { identifier: "slow", provider_resource_id: "gpt-4o" }, answer: "new" },
  { name: "the same", given: { identifier: "fast", provider_resource_id: "gpt-4o" }, answer: "known" },
  {
    name: "the same, with what stands there",
    given: { identifier: "fast", provider_resource_id: "gpt-4o", attributes: { metadata: { speed: 1.0 } } },
    answer: "known"
  },
  {
    name: "another model behind the name",
    given: { identifier: "fast", provider_resource_id: "o1" },
    answer:
      "There is a model `fast` already, with another provider_resource_id: unregister it first, or choose another name."
  },
  {
    name: "other attributes",
    given: { identifier: "fast", provider_resource_id: "gpt-4o", attributes: { metadata: { speed: 2 } } },
    answer: "There is a model `fast` already, with another attributes: unregister it first, or choose another name."
  },
  { name: "what the provider lists", given: { identifier: "openai/o1" }, answer: "known" },
  {
    name: "the name of what the provider lists",
    given: { identifier: "openai/o1", attributes: { created: 9 } },
    answer: "There is a model `openai/o1` already, with another attributes: choose another name."
  }
]

const sources = [
  { source: "api", may: "yes" },
  { source: "discovery", may: "its provider lists it: it goes when the provider no longer does." },
  { source: "configuration", may: "its provider's configuration lists it: take it out there." },
  { source: "registered_resources", may: "it stands in the configuration: take it out of registered_resources." }
] as const

describe("ResourceRegistration", () => {
  it.each(rows)("$name", ({ becomes, given, providers }) => {
    assert.strictEqual(say(given, providers), becomes)
  })

  it("is the principal's, with what the client says and the rest", () => {
    const given = registration({ identifier: "m", attributes: { model_type: "embedding" } })
    assert.deepStrictEqual(Result.getOrThrow(toResource(ModelsKind, given, ["p"], alice)), {
      identifier: "m",
      provider_id: "p",
      provider_resource_id: "m",
      source: "api",
      owner: alice,
      attributes: { created: 7, owned_by: "p", model_type: "embedding" }
    })
  })

  it.each(again)("over what is there: $name", ({ answer, given }) => {
    const asked = registration(given)
    const wanted = Result.getOrThrow(toResource(ModelsKind, asked, ["openai"], null))
    const found = Result.match(existing(ModelsKind, table, wanted, asked.attributes), {
      onFailure: ({ message }) => message,
      onSuccess: (resource) =>
        resource === undefined ? "new" : resource === table.get(wanted.identifier) ? "known" : "?"
    })
    assert.strictEqual(found, answer)
  })

  it.each(sources)("what came by $source may be taken back by clients: $may", ({ may, source }) => {
    const found = Result.match(removable(ModelsKind, { ...known, source }), {
      onFailure: ({ message, reason }) => `${reason}: ${message}`,
      onSuccess: () => "yes"
    })
    assert.strictEqual(found, may === "yes" ? may : `fixed: The model \`fast\` can't be unregistered: ${may}`)
  })
})
