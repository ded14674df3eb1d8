/** Whatever providers need each other, as long as not in a circle: what is needed starts first and stops last. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as StackWorld from "../../support/StackWorld.ts"
import { api, entry } from "../../support/StackWorld.ts"

const Node = Schema.Struct({
  /** What it needs: taken modulo the nodes before it, so that there is no circle. */
  needs: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))).check(Schema.isMaxLength(6)),
  instances: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3 })),
  /** How many upstreams stand in each other in each instance. */
  upstreams: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 })),
  /** Its place in the file. */
  place: Schema.Int
})

const Nodes = Schema.Array(Node).check(Schema.isMinLength(1), Schema.isMaxLength(30))

/** The graph as APIs, in the order of the nodes: an API needs only earlier ones. */
const toGraph = (nodes: typeof Nodes.Type) => {
  const apis = nodes.map((_, index) => api(`api-${index}`))
  return nodes.map(({ instances, needs, place, upstreams }, index) => ({
    api: apis[index]!,
    needs: index === 0 ? [] : [...new Set(needs.map((need) => need % index))].map((need) => apis[need]!),
    instances: Array.from({ length: instances }, (_, count) => `${index}/${count}`),
    upstreams,
    place
  }))
}

/** The upstreams of an instance, each in the one before it. */
const upstreamsOf = (id: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${id} upstream ${index}`)

const configOf = (type: string, names: ReadonlyArray<string>): Schema.JsonObject => {
  const [name, ...inner] = names
  return name === undefined ? {} : { upstream: { provider_type: type, config: { name, ...configOf(type, inner) } } }
}

describe("Stack", () => {
  it.effect.prop(
    "starts and stops any graph without circles in order",
    { nodes: Nodes },
    ({ nodes }) =>
      Effect.gen(function*() {
        const world = StackWorld.make()
        const graph = toGraph(nodes)
        const file = graph.toSorted((one, other) => one.place - other.place)
        const registry = file.map(({ api, needs }) => world.provider(api, { requires: needs }))
        const providers = Object.fromEntries(
          file.map(({ api, instances, upstreams }) => {
            const type = `inline::${api.name}`
            return [api.name, instances.map((id) => entry(id, type, configOf(type, upstreamsOf(id, upstreams))))]
          })
        )
        yield* Effect.scoped(world.start(file.map(({ api }) => api), registry, providers))

        const at = new Map(world.journal.map((line, index) => [line, index]))
        const all = graph.flatMap(({ instances, upstreams }) =>
          instances.flatMap((id) => [id, ...upstreamsOf(id, upstreams)])
        )
        assert.strictEqual(world.journal.length, 2 * all.length + graph.length)
        assert.strictEqual(at.size, world.journal.length)
        const instancesOf = new Map(graph.map(({ api, instances }) => [api.name, instances]))
        for (const { api, instances, needs, upstreams } of graph) {
          for (const id of instances) {
            const chain = [id, ...upstreamsOf(id, upstreams)]
            for (const [index, upstream] of chain.slice(1).entries()) {
              assert.isBelow(at.get(`start ${upstream}`)!, at.get(`start ${chain[index]}`)!)
              assert.isBelow(at.get(`stop ${chain[index]}`)!, at.get(`stop ${upstream}`)!)
              for (const needed of needs) {
                assert.isBelow(at.get(`route ${needed.name}`)!, at.get(`start ${upstream}`)!)
              }
            }
            assert.isBelow(at.get(`start ${id}`)!, at.get(`route ${api.name}`)!)
            for (const needed of needs) {
              assert.isBelow(at.get(`route ${needed.name}`)!, at.get(`start ${id}`)!)
              for (const other of instancesOf.get(needed.name) ?? []) {
                assert.isBelow(at.get(`stop ${id}`)!, at.get(`stop ${other}`)!)
              }
            }
          }
        }
      }),
    { arbitrary: { runs: 150, size: 30 } }
  )

  const Ailing = Schema.Struct({
    needs: Node.fields.needs,
    /** How often it fails before it starts; 9 is for ever. */
    failures: Schema.Literals([0, 0, 0, 1, 9]),
    required: Schema.Boolean
  })

  it.effect.prop(
    "starts what can start of any graph, lets the rest join, and leaves nothing running",
    { nodes: Schema.Array(Ailing).check(Schema.isMinLength(1), Schema.isMaxLength(20)) },
    ({ nodes }) =>
      Effect.gen(function*() {
        const world = StackWorld.make()
        const graph = toGraph(nodes.map(({ needs }, place) => ({ needs, instances: 1, upstreams: 0, place })))
        const tries = new Map<string, number>()
        const registry = graph.map(({ api, needs }, index) =>
          world.provider(api, {
            requires: needs,
            starting: (id) =>
              Effect.suspend(() => {
                const tried = (tries.get(id) ?? 0) + 1
                tries.set(id, tried)
                return tried > nodes[index]!.failures ? Effect.void : Effect.fail(`${id} is ill`)
              })
          })
        )
        const providers = Object.fromEntries(graph.map(({ api, instances: [id = ""] }, index) => [
          api.name,
          [{ ...entry(id, `inline::${api.name}`), required: nodes[index]!.required }]
        ]))
        const started = (line: string) => world.journal.includes(`start ${line}`)
        const ids = graph.map(({ instances: [id = ""] }) => id)
        const fatal = ids.filter((_, index) => nodes[index]!.required && nodes[index]!.failures > 0)

        const exit = yield* Effect.exit(Effect.scoped(Effect.gen(function*() {
          yield* world.start(graph.map(({ api }) => api), registry, providers)
          for (const [index, id] of ids.entries()) assert.strictEqual(started(id), nodes[index]!.failures === 0, id)
          yield* TestClock.adjust("2 seconds")
          for (const [index, id] of ids.entries()) assert.strictEqual(started(id), nodes[index]!.failures < 9, id)
        })))
        assert.strictEqual(exit._tag, fatal.length === 0 ? "Success" : "Failure")
        if (exit._tag === "Failure") assert.match(String(exit), new RegExp(`(${fatal.join("|")}) is ill`))

        // Everything that started was stopped, and before what it needs.
        const at = new Map(world.journal.map((line, index) => [line, index]))
        for (const { instances: [id = ""], needs } of graph) {
          assert.strictEqual(at.has(`stop ${id}`), started(id))
          for (const needed of needs) {
            const other = graph.find(({ api }) => api === needed)?.instances[0] ?? ""
            if (started(id) && started(other)) assert.isBelow(at.get(`stop ${id}`)!, at.get(`stop ${other}`)!)
          }
        }
      }),
    { arbitrary: { runs: 150, size: 20 } }
  )
})
