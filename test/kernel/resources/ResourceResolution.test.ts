/** What an identifier stands for, row by row. */
import { assert, describe, it } from "@effect/vitest"
import type { ModelResource } from "../../../src/kernel/models/ModelKind.ts"
import type { Resolution } from "../../../src/kernel/resources/ResourceResolution.ts"
import { resolve } from "../../../src/kernel/resources/ResourceResolution.ts"
import * as ResourceTable from "../../../src/kernel/resources/ResourceTable.ts"
import { resource } from "../../support/Models.ts"

const table = ResourceTable.of([
  resource("openai", "gpt-4o"),
  resource("azure", "gpt-4o"),
  resource("openai", "o1"),
  resource("local", "family/large"),
  resource("local", "openai/o1"),
  resource("openai", "gpt-4o", { identifier: "fast", source: "api" }),
  resource("local", "big", { identifier: "openai/big", source: "registered_resources" }),
  resource("local", "once", { identifier: "one", source: "api" }),
  resource("local", "once", { identifier: "two", source: "api" }),
  resource("secret", "hush")
])

const openProviders = new Set(["openai", "down"])

const say = (found: Resolution<ModelResource["attributes"]>): string => {
  switch (found._tag) {
    case "Found":
      return `${found.resource.identifier} = ${found.resource.provider_id} ${found.resource.provider_resource_id}`
    case "Unlisted":
      return `unlisted ${found.provider_id} ${found.provider_resource_id}`
    case "Ambiguous":
      return `ambiguous ${found.identifiers.join(" ")}`
    case "Hidden":
      return `hidden ${found.suggestions.join(" ")}`.trim()
    case "Unknown":
      return `unknown ${found.suggestions.join(" ")}`.trim()
  }
}

const rows = [
  { name: "a listed model", asked: "openai/gpt-4o", found: "openai/gpt-4o = openai gpt-4o" },
  { name: "a name with slashes", asked: "local/family/large", found: "local/family/large = local family/large" },
  { name: "an alias", asked: "fast", found: "fast = openai gpt-4o" },
  { name: "a name in the form of another provider's", asked: "openai/big", found: "openai/big = local big" },
  {
    name: "what only one provider has, without it",
    asked: "family/large",
    found: "local/family/large = local family/large"
  },
  { name: "what two have, without one", asked: "gpt-4o", found: "ambiguous azure/gpt-4o openai/gpt-4o" },
  { name: "what one has under two names", asked: "once", found: "one = local once" },
  { name: "an exact name before another's own", asked: "openai/o1", found: "openai/o1 = openai o1" },
  { name: "what the provider may have", asked: "openai/ft:new", found: "unlisted openai ft:new" },
  { name: "the same, with slashes", asked: "openai/org/m", found: "unlisted openai org/m" },
  { name: "what a provider that is down may have", asked: "down/m", found: "unlisted down m" },
  { name: "what a provider with a fixed list does not have", asked: "azure/gpt-4p", found: "unknown azure/gpt-4o" },
  { name: "a provider that is not there", asked: "nobody/m", found: "unknown" },
  { name: "a provider and nothing", asked: "openai/", found: "unknown openai/o1" },
  { name: "nothing and a model", asked: "/gpt-4o", found: "unknown" },
  { name: "a misspelt alias", asked: "fasd", found: "unknown fast" },
  { name: "nothing like anything", asked: "mistral", found: "unknown" },
  { name: "nothing", asked: "", found: "unknown" },
  { name: "what is hidden, by its name", asked: "secret/hush", found: "hidden" },
  { name: "what is hidden, without its provider", asked: "hush", found: "unknown" },
  { name: "nearly what is hidden", asked: "secret/husk", found: "unknown" },
  { name: "what every object has", asked: "constructor", found: "unknown" }
]

describe("ResourceResolution", () => {
  it.each(rows)("$name: $asked", ({ asked, found }) => {
    const visible = ({ provider_id }: ModelResource) => provider_id !== "secret"
    assert.strictEqual(say(resolve({ table, visible, open: (id) => openProviders.has(id) }, asked)), found)
  })

  it("what is hidden is not asked for behind the table's back", () => {
    const around = { table, visible: () => false, open: () => true }
    assert.strictEqual(say(resolve(around, "openai/o1")), "hidden")
    assert.strictEqual(say(resolve(around, "o1")), "unknown")
  })

  it("what two providers have is not ambiguous to who may see one of them", () => {
    const visible = ({ provider_id }: ModelResource) => provider_id === "azure"
    assert.strictEqual(say(resolve({ table, visible, open: () => false }, "gpt-4o")), "azure/gpt-4o = azure gpt-4o")
  })
})
