/** What an identifier stands for, row by row. */
import { assert, describe, it } from "@effect/vitest"
import type { ModelResource } from "../../../src/apis/models/ModelsKind.ts"
import type { Surroundings } from "../../../src/kernel/resources/ResourceResolution.ts"
import { nearest, resolve } from "../../../src/kernel/resources/ResourceResolution.ts"
import * as ResourceTable from "../../../src/kernel/resources/ResourceTable.ts"
import { resource } from "../../support/Models.ts"

const mallory = { id: "mallory", attributes: {} }

const table = ResourceTable.of([
  resource("openai", "gpt-4o"),
  resource("azure", "gpt-4o"),
  resource("openai", "o1"),
  resource("local", "family/large"),
  resource("local", "openai/o1"),
  resource("azure", "family/tiny"),
  resource("local", "kin/tiny"),
  resource("openai", "gpt-4o", { identifier: "fast", source: "api" }),
  resource("local", "big", { identifier: "openai/big", source: "registered_resources" }),
  resource("local", "once", { identifier: "one", source: "api" }),
  resource("local", "once", { identifier: "two", source: "api" }),
  resource("secret", "hush"),
  // What others registered: nobody else sees it.
  resource("local", "theirs", { identifier: "mine", source: "api", owner: mallory }),
  resource("local", "theirs", { identifier: "once-more", source: "api", owner: mallory }),
  resource("openai", "new", { identifier: "openai/new", source: "api", owner: mallory }),
  resource("local", "trap", { identifier: "azure/trap", source: "api" }),
  resource("local", "gpt-4o", { identifier: "zzz", source: "api" }),
  resource("local", "mine"),
  resource("gone", "m")
])

const openProviders = new Set(["openai", "down"])

const say = (around: Surroundings<ModelResource["attributes"]>, asked: string): string => {
  const found = resolve(around, asked)
  const absent = (what: string) => [what, ...nearest(around, asked)].join(" ")
  switch (found._tag) {
    case "Found":
      return `${found.resource.identifier} = ${found.resource.provider_id} ${found.resource.provider_resource_id}`
    case "Unlisted":
      return `unlisted ${found.provider_id} ${found.provider_resource_id}`
    case "Ambiguous":
      return `ambiguous ${found.identifiers.join(" ")}`
    case "Hidden":
      return absent("hidden")
    case "Unknown":
      return absent("unknown")
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
  {
    name: "what only one provider has, without all that it stands behind",
    asked: "large",
    found: "local/family/large = local family/large"
  },
  {
    name: "what two have behind something, without it",
    asked: "tiny",
    found: "ambiguous azure/family/tiny local/kin/tiny"
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
  { name: "an alias that is hidden, as if it were not there", asked: "mine", found: "local/mine = local mine" },
  { name: "an alias that is hidden, and nothing else", asked: "once-more", found: "hidden" },
  { name: "what somebody registered of what is not listed", asked: "openai/new", found: "unlisted openai new" },
  { name: "a registration that says otherwise of a provider's own", asked: "azure/trap", found: "unknown" },
  {
    name: "what a registration says another provider has",
    asked: "gpt-4o",
    found: "ambiguous azure/gpt-4o openai/gpt-4o"
  },
  { name: "a spelling with a space", asked: "openai/gpt-4o ", found: "unknown openai/gpt-4o" },
  { name: "a spelling with two slashes", asked: "openai//gpt-4o", found: "unknown openai/gpt-4o" },
  { name: "a control character", asked: "openai/gpt\u0000", found: "unknown openai/gpt-4o" },
  { name: "what a provider has that is not configured", asked: "gone/m", found: "unknown" },
  { name: "what every object has", asked: "constructor", found: "unknown" }
]

const providers = new Set(["openai", "azure", "local", "down", "secret"])
const isProvider = (id: string) => providers.has(id)

describe("ResourceResolution", () => {
  it.each(rows)("$name: $asked", ({ asked, found }) => {
    const visible = ({ identifier, owner, provider_id }: ModelResource) =>
      isProvider(provider_id) && provider_id !== "secret" && owner === null && identifier !== "azure/trap"
    const open = (id: string) => openProviders.has(id)
    assert.strictEqual(say({ table, visible, isProvider, open }, asked), found)
  })

  it("what rules hide is not asked for behind the table's back", () => {
    const around = { table, visible: () => false, isProvider, open: () => true }
    assert.strictEqual(say(around, "openai/o1"), "hidden")
    assert.strictEqual(say(around, "o1"), "unknown")
  })

  it("what two providers have is not ambiguous to who may see one of them", () => {
    const visible = ({ provider_id }: ModelResource) => provider_id === "azure"
    const around = { table, visible, isProvider, open: () => false }
    assert.strictEqual(say(around, "gpt-4o"), "azure/gpt-4o = azure gpt-4o")
  })
})
