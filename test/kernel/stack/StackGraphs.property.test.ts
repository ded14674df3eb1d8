/** Any graph of providers, circles and gaps included: it starts and stops in order, or is refused for what is true of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { StackIssue } from "../../../src/kernel/stack/StackErrors.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { api, entry } from "../../support/StackWorld.ts"

const index = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))
const indexes = Schema.Array(index).check(Schema.isMaxLength(4))
const Node = Schema.Struct({ api: index, requires: indexes, optional: indexes })

const graphs = (minimum: number, maximum: number) =>
  Schema.Struct({
    /** How many APIs there are: few with many instances, or many with few. */
    apis: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum })),
    /**
     * Tame: an API needs only earlier ones, and only such as there are; backwards: the last node may need any, also one
     * nobody provides; wild: so may all.
     */
    kind: Schema.Literals(["tame", "backwards", "wild"]),
    nodes: Schema.Array(Node).check(Schema.isMinLength(minimum), Schema.isMaxLength(maximum))
  })
type Graph = ReturnType<typeof graphs>["Type"]

interface Node {
  readonly id: string
  readonly api: number
  readonly requires: ReadonlyArray<number>
  readonly optional: ReadonlyArray<number>
}

/** The API with the number `apis` has no providers. */
const toNodes = ({ apis, kind, nodes }: Graph): ReadonlyArray<Node> =>
  nodes.map((node, position) => {
    const own = node.api % apis
    const free = kind === "wild" || (kind === "backwards" && position === nodes.length - 1)
    const targets = (numbers: ReadonlyArray<number>) =>
      free ? numbers.map((each) => each % (apis + 1)) : own === 0 ? [] : numbers.map((each) => each % own)
    const configured = new Set(nodes.map((each) => each.api % apis))
    const present = (target: number) => free || configured.has(target)
    const requires = [...new Set(targets(node.requires))].filter(present)
    const optional = [...new Set(targets(node.optional))].filter((each) => !requires.includes(each))
    return { id: `n${position}`, api: own, requires, optional }
  })

/** What is true of a graph, found another way than the resolver's: instance by instance, as they could start. */
const truthOf = (nodes: ReadonlyArray<Node>) => {
  const configured = new Set(nodes.map(({ api }) => api))
  const missing = nodes.flatMap(({ id, requires }) =>
    requires.filter((each) => !configured.has(each)).map((each) => `${id} ${each}`)
  )
  const started = new Set<Node>()
  const complete = (target: number) => nodes.every((node) => node.api !== target || started.has(node))
  for (let before = -1; before < started.size;) {
    before = started.size
    const ready = new Set(configured.values().filter(complete))
    for (const node of nodes) {
      const needed = [...node.requires, ...node.optional].filter((each) => configured.has(each))
      if (needed.every((each) => ready.has(each))) started.add(node)
    }
  }
  return { configured, missing, stuck: started.size < nodes.length }
}

const assertRefused = (nodes: ReadonlyArray<Node>, issues: ReadonlyArray<StackIssue>) => {
  const { missing, stuck } = truthOf(nodes)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const said = issues.filter(({ kind }) => kind === "MissingApi").map(({ message }) =>
    /^"(n\d+)".* needs the API api-(\d+):/.exec(message)?.slice(1).join(" ")
  )
  assert.sameMembers(said, missing)
  const circles = issues.filter(({ kind }) => kind === "Cycle")
  assert.strictEqual(circles.length > 0, stuck)
  assert.strictEqual(circles.length + said.length, issues.length)
  for (const { message } of circles) {
    const [, path = ""] = /^these providers need each other: ([^.]+)\./.exec(message) ?? []
    const ids = [...path.matchAll(/api-\d+\/(n\d+)/g)].map(([, id]) => id ?? "")
    assert.isAbove(ids.length, 1)
    assert.strictEqual(ids[0], ids.at(-1))
    for (const [position, id] of ids.slice(1).entries()) {
      const { optional, requires } = byId.get(ids[position]!)!
      assert.include([...requires, ...optional], byId.get(id)?.api, `${ids[position]} needs ${id}`)
    }
  }
}

const assertInOrder = (nodes: ReadonlyArray<Node>, journal: ReadonlyArray<string>) => {
  const { configured, missing, stuck } = truthOf(nodes)
  assert.deepStrictEqual([missing, stuck], [[], false])
  const at = new Map(journal.map((line, position) => [line, position]))
  const used = nodes.flatMap(({ id, optional }) =>
    optional.filter((each) => configured.has(each)).map((each) => `${id} uses api-${each}`)
  )
  assert.sameMembers(journal.filter((line) => line.includes(" uses ")), used)
  assert.strictEqual(journal.length, used.length + 2 * nodes.length + configured.size)
  const byApi = Map.groupBy(nodes, ({ api }) => api)
  for (const { id, optional, requires } of nodes) {
    const started = at.get(`start ${id}`)!
    const stopped = at.get(`stop ${id}`)!
    for (const needed of [...requires, ...optional].filter((each) => configured.has(each))) {
      assert.isBelow(at.get(`route api-${needed}`)!, started)
      for (const other of byApi.get(needed) ?? []) {
        assert.isBelow(at.get(`start ${other.id}`)!, started)
        assert.isBelow(stopped, at.get(`stop ${other.id}`)!)
      }
    }
  }
}

const run = (graph: Graph) =>
  Effect.gen(function*() {
    const world = StackWorld.make()
    const nodes = toNodes(graph)
    const apis = Array.from({ length: graph.apis + 1 }, (_, number) => api(`api-${number}`))
    const registry = nodes.map((node) =>
      world.provider(apis[node.api]!, {
        type: `inline::${node.id}`,
        requires: node.requires.map((each) => apis[each]!),
        optional: node.optional.map((each) => apis[each]!),
        starting: () => Effect.yieldNow
      })
    )
    const byApi = Map.groupBy(nodes, (node) => `api-${node.api}`)
    const providers = Object.fromEntries(
      byApi.entries().map(([name, each]) => [name, each.map(({ id }) => entry(id, `inline::${id}`))])
    )
    const routed = apis.filter(({ name }) => byApi.has(name))
    const error = yield* Effect.scoped(world.start(routed, registry, providers)).pipe(
      Effect.match({ onSuccess: () => undefined, onFailure: (error) => error })
    )
    if (error === undefined) return assertInOrder(nodes, world.journal)
    assert.deepInclude(error, { _tag: "StackInvalid" })
    assert.deepStrictEqual(world.journal, [])
    assertRefused(nodes, (error as { readonly issues: ReadonlyArray<StackIssue> }).issues)
    refused++
  })

let refused = 0

describe("Stack, of any graph, starts what is needed first and stops it last, or names a true circle or gap", () => {
  it.effect.prop("up to 20 providers", { graph: graphs(1, 20) }, ({ graph }) => run(graph), {
    arbitrary: { runs: 200, size: 20 }
  })

  it.effect.prop("100 to 200 providers", { graph: graphs(100, 200) }, ({ graph }) => run(graph), {
    arbitrary: { runs: 20, size: 200 }
  })

  it("and had both to do", () => {
    assert.isAbove(refused, 20)
    assert.isBelow(refused, 200)
  })
})
