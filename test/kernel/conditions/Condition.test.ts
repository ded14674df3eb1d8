/** Conditions in CEL: what they may say, what is refused and where, and that nothing in them takes long. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Condition from "../../../src/kernel/conditions/Condition.ts"
import type { ConditionScope } from "../../../src/kernel/conditions/ConditionScope.ts"

const scope: ConditionScope = {
  request: {
    model: "fast",
    stream: true,
    messages: 3,
    tools: 2,
    has_tools: true,
    has_images: false,
    estimated_tokens: 1200,
    max_output_tokens: 0,
    user: "ada",
    metadata: { tier: "gold", prototype: "1" }
  },
  principal: { id: "ada", attributes: { roles: ["admin", "dev"] } },
  tenant: "acme",
  time: { now: "2026-11-27T22:05:00Z", hour: 22, minute: 5, weekday: "friday" },
  price: { "one/m": { input: 0.5, output: 2 }, "two/m": { input: 3, output: 15 } },
  latency: { "one/m": 850.5 }
}

const targets = ["one/m", "two/m"]
const compile = (text: string) => Condition.compile(text, { targets })
const evaluate = (text: string) => Effect.map(compile(text), ({ evaluate }) => evaluate(scope))

describe("a condition", () => {
  it.effect.each(
    [
      ["request.estimated_tokens < 2000 && !request.has_images", true],
      ["request.model == \"fast\" && request.stream", true],
      ["request.messages + request.tools * 2 >= 7", true],
      ["request.metadata.tier == 'gold'", true],
      ["'tier' in request.metadata && has(request.metadata.tier)", true],
      ["has(request.metadata.other)", false],
      ["'admin' in principal.attributes.roles", true],
      ["principal.attributes['roles'][0] == 'admin'", true],
      ["size(principal.attributes.roles) == 2 && principal.id.size() == 3", true],
      ["tenant in ['acme', 'globex']", true],
      ["time.hour >= 22 || time.hour < 6", true],
      ["time.weekday in ['saturday', 'sunday']", false],
      ["time.now.startsWith('2026-11')", true],
      ["price['one/m'].input < price['two/m'].input", true],
      ["price['one/m'].output <= 2", true],
      ["price['one/m'].input * 2.0 == 1.0", true],
      ["latency['one/m'] < 1000", true],
      ["(request.stream ? 1 : 2) == 1", true],
      ["request.user.matches('^a[a-z]+$')", true],
      ["double(request.messages) / 2.0 > 1.4", true],
      ["int(request.metadata.prototype) == 1", true],
      ["!(request.user.contains('b') || request.user.endsWith('c'))", true]
    ] as const
  )("%s is %s", ([text, holds]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* evaluate(text), { holds })
    }))

  it.effect("does not hold where nobody knows, and says why", () =>
    Effect.gen(function*() {
      for (const text of ["latency['two/m'] < 1000", "request.metadata.nobody == 'x'", "request.messages / 0 == 1"]) {
        const { error, holds } = yield* evaluate(text)
        assert.isFalse(holds, text)
        assert.isNotEmpty(error, text)
      }
      assert.deepStrictEqual(yield* evaluate("latency['two/m'] < 1000 || true"), { holds: true })
    }))

  it.effect("knows what it asks about", () =>
    Effect.gen(function*() {
      const { variables } = yield* compile("price['one/m'].input < 1 && tenant == 'acme'")
      assert.deepStrictEqual([...variables].sort(), ["price", "tenant"])
    }))

  it.effect.each(
    [
      ["", 1, "empty"],
      ["request.stream &&", 16, "it has"],
      ["request.strem", 8, "Did you mean stream?"],
      ["tenant == 'a' && requst.stream", 18, "Did you mean request?"],
      ["request.messages", 8, "true or false"],
      ["request.messages == 'three'", 18, "never equal"],
      ["request.messages && true", 1, "takes bool"],
      ["request.messages + 1.5 > 2.0", 18, "5.0 for 5"],
      ["[1, 2].exists(x, x > 1)", 7, "loops"],
      ["principal.attributes.roles.all(r, r != 'x')", 27, "loops"],
      ["['a'].map(x, x) == ['a']", 6, "loops"],
      ["request['model'] == 'fast'", 8, "write .name"],
      ["request.user.matches(request.model)", 13, "written here"],
      ["request.user.matches('[')", 13, "missing closing"],
      ["request.user.matches('((a{100}){100}){100}')", 13, "repeat"],
      ["timestamp(time.now) > timestamp('2026-01-01T00:00:00Z')", 1, "no function timestamp"],
      ["request.user.lowerAscii() == 'a'", 13, "no function"],
      ["{'a': 1}.a == 1", 1, "can't be made"],
      ["b'abc' == b'abc'", 1, "bytes"],
      ["has(request.user)", 1, "always there"],
      ["latency['three/m'] < 5", 9, "none"],
      ["tenant in []", 11, "empty list"],
      ["tenant in ['a', 1]", 11, "one type"],
      ["size() == 1", 1, "takes 1 in all"],
      ["true ? 1 : 'a'", 1, "one type"]
    ] as const
  )("%s is refused at column %i: %s", ([text, column, words]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(compile(text))
      assert.include(error.message, words)
      assert.strictEqual(error.column, column, error.message)
    }))

  it.effect.each([
    "(".repeat(900) + "true" + ")".repeat(90),
    "true" + " && true".repeat(120),
    "'" + "a".repeat(2000) + "' == ''",
    "request.user.matches('" + "a?".repeat(150) + "')",
    "\u0000",
    "😀 == 1",
    "__proto__.polluted",
    "constructor",
    "request.__proto__ == 'x'",
    "toString()",
    "1".repeat(400)
  ])("hostile text is refused: %s", (text) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(compile(text))
      assert.strictEqual(error._tag, "ConditionInvalid")
      assert.isAtLeast(error.column, 1)
    }))

  it.effect("asks about keys of the request alone, whatever they are called", () =>
    Effect.gen(function*() {
      const { evaluate } = yield* compile("has(request.metadata.constructor) || '__proto__' in request.metadata")
      assert.deepStrictEqual(evaluate(scope), { holds: false })
      const metadata = JSON.parse("{\"__proto__\": \"x\"}")
      assert.isTrue(evaluate({ ...scope, request: { ...scope.request, metadata } }).holds)
    }))

  it.effect("matches in a time that the text bounds, where backtracking would take years", () =>
    Effect.gen(function*() {
      const { evaluate } = yield* compile("request.user.matches('^(a+)+$')")
      const user = `${"a".repeat(4000)}b`
      assert.deepStrictEqual(evaluate({ ...scope, request: { ...scope.request, user } }), { holds: false })
    }))
})
