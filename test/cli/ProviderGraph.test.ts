/** The graph of providers as a person reads it, and as Mermaid draws it. */
import { assert, describe, it } from "@effect/vitest"
import * as ProviderGraph from "../../src/cli/ProviderGraph.ts"
import type { ListedProvider } from "../../src/cli/ProviderSource.ts"

const listed = (api: string, provider_id: string, more: Partial<ListedProvider> = {}): ListedProvider => ({
  api,
  provider_id,
  provider_type: `inline::${api}`,
  config: {},
  required: false,
  dependencies: [],
  upstreams: [],
  started: null,
  deprecation: null,
  ...more
})
const needs = (api: string, ...provider_ids: ReadonlyArray<string>) => ({ api, optional: false, provider_ids })
const uses = (api: string, ...provider_ids: ReadonlyArray<string>) => ({ api, optional: true, provider_ids })

/** In the order of a file that begins with who needs all. */
const providers = [
  listed("agents", "loop", {
    dependencies: [needs("safety", "guard", "words"), needs("inference", "vendor")],
    health: { status: "unhealthy", message: "no license", checked_at: 1 }
  }),
  listed("safety", "guard", {
    dependencies: [needs("inference", "vendor"), uses("files")],
    started: { time: 1_012, duration_ms: 3.25 }
  }),
  listed("safety", "words", { deprecation: "Use guard.", started: { time: 1_000, duration_ms: 1000 } }),
  listed("inference", "vendor", {
    upstreams: [{ provider_type: "remote::far", started: null }],
    started: { time: 1_001, duration_ms: 11 }
  })
]

describe("ProviderGraph", () => {
  it("as text puts first who is needed, and says when each began after the first", () => {
    assert.strictEqual(
      ProviderGraph.text(providers),
      `safety/words  inline::safety
  needs      nothing
  needed by  agents/loop
  started    +0 ms, took 1000 ms
  deprecated Use guard.

inference/vendor  inline::inference -> remote::far
  needs      nothing
  needed by  agents/loop, safety/guard
  started    +1 ms, took 11 ms

safety/guard  inline::safety
  needs      inference (vendor), files (optional: nobody provides it)
  needed by  agents/loop
  started    +12 ms, took 3.3 ms

agents/loop  inline::agents
  needs      safety (guard, words), inference (vendor)
  needed by  nobody
  unhealthy  no license`
    )
  })

  it("as Mermaid draws an API as a box, which is what others need", () => {
    assert.strictEqual(
      ProviderGraph.mermaid(providers),
      `flowchart LR
  subgraph api0["safety"]
    provider1["guard<br/>inline::safety<br/>+12 ms, took 3.3 ms"]
    provider2["words<br/>inline::safety<br/>+0 ms, took 1000 ms"]
  end
  subgraph api1["inference"]
    provider3["vendor<br/>inline::inference<br/>+1 ms, took 11 ms"]
  end
  subgraph api2["agents"]
    provider0["loop<br/>inline::agents"]
  end
  provider0 --> api0
  provider0 --> api1
  provider1 --> api1`
    )
  })

  it("draws an optional need that is met with another arrow, and quotes what would end a label", () => {
    const named = [listed("a", "say \"#1\""), listed("b", "x", { dependencies: [uses("a", "say \"#1\"")] })]
    const drawn = ProviderGraph.mermaid(named)
    assert.include(drawn, "provider0[\"say #quot;#35;1#quot;<br/>inline::a\"]")
    assert.include(drawn, "provider1 -. optional .-> api0")
  })

  it("of nobody says so", () => {
    assert.strictEqual(ProviderGraph.text([]), "No provider is configured.")
    assert.strictEqual(ProviderGraph.mermaid([]), "flowchart LR")
  })

  it("ends with what a server should never show: a circle", () => {
    const circle = [
      listed("a", "x", { dependencies: [needs("b", "y")] }),
      listed("b", "y", { dependencies: [needs("a", "x")] })
    ]
    assert.include(ProviderGraph.text(circle), "needs      a (x)")
  })
})
