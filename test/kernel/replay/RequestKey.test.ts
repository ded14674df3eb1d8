/** One key for every way to write a request, another for every other request. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as RequestKey from "../../../src/kernel/replay/RequestKey.ts"

const same: ReadonlyArray<readonly [name: string, ...texts: ReadonlyArray<string>]> = [
  ["the order of keys", `{"a":1,"b":{"c":2,"d":3}}`, `{"b":{"d":3,"c":2},"a":1}`],
  ["white space", `{"a":[1,2]}`, ` { "a" : [ 1 , 2 ] } `],
  ["zero", `{"a":0}`, `{"a":0.0}`, `{"a":-0}`, `{"a":0e0}`, `{"a":-0.000E+10}`, `{"a":0.00000000000000000000}`],
  [
    "a whole number",
    `{"a":100}`,
    `{"a":100.0}`,
    `{"a":1e2}`,
    `{"a":1E+2}`,
    `{"a":0.1e3}`,
    `{"a":100.0000000000000000}`
  ],
  ["a fraction", `{"a":0.7}`, `{"a":7e-1}`, `{"a":0.70}`, `{"a":0.7000000000000000000}`],
  ["a long number", `{"a":12345678901234567890}`, `{"a":12345678901234567890.0}`, `{"a":1234567890123456789e1}`],
  ["a number far beyond doubles", `{"a":1e400}`, `{"a":10e399}`, `{"a":0.1E+401}`],
  ["the power of zero", `{"a":0e999999999999}`, `{"a":0}`],
  ["a text", `{"a":"é/\\n"}`, `{"a":"\\u00e9\\/\\u000a"}`],
  ["null and nothing", `{"a":1,"b":null}`, `{"a":1}`],
  ["no stream", `{"a":1,"stream":false}`, `{"a":1}`, `{"a":1,"stream":null}`],
  ["a key that stands twice", `{"a":1,"a":2}`, `{"a":2}`],
  ["what is no JSON", "hello", "hello"],
  ["nothing", "", ""]
]

const different: ReadonlyArray<readonly [name: string, one: string, other: string]> = [
  ["long numbers that one double stands for", `{"a":12345678901234567890}`, `{"a":12345678901234567891}`],
  ["whole numbers around 2^53", `{"a":9007199254740992}`, `{"a":9007199254740993}`],
  ["long fractions that one double stands for", `{"a":0.10000000000000000001}`, `{"a":0.1}`],
  ["a number and its text", `{"a":1}`, `{"a":"1"}`],
  ["a long number and its text", `{"a":12345678901234567890}`, `{"a":"12345678901234567890"}`],
  ["a number and its negative", `{"a":1}`, `{"a":-1}`],
  ["numbers beyond doubles", `{"a":1e400}`, `{"a":1e401}`],
  ["numbers too small for doubles", `{"a":1e-400}`, `{"a":0}`],
  ["a stream", `{"a":1,"stream":true}`, `{"a":1}`],
  ["no stream deep inside", `{"a":{"stream":false}}`, `{"a":{}}`],
  ["null deep inside", `{"a":{"b":null}}`, `{"a":{}}`],
  ["the order of a list", `[1,2]`, `[2,1]`],
  ["a list and an object", `{"a":[]}`, `{"a":{}}`],
  ["an empty text and nothing", `{"a":""}`, `{}`],
  ["a key that every object inherits", `{"constructor":1}`, `{}`],
  ["a key named like the prototype", `{"__proto__":{"a":1}}`, `{}`]
]

/** Numbers from a seed, the same for the same one. */
const randomFrom = (seed: number) => () => {
  seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
  return (seed >>> 0) / 2 ** 32
}

const spellNumber = (value: number, random: () => number): string => {
  const text = JSON.stringify(value)
  const choice = Math.floor(random() * 4)
  if (value === 0) return ["0", "0.0", "-0", "0e0"][choice]!
  if (choice === 1) return text.includes("e") ? text.replace("e", "E") : `${text}e0`
  if (choice === 2 && !text.includes("e")) return text.includes(".") ? `${text}0000000000000000000` : `${text}.0`
  return choice === 3 ? value.toExponential().replace("+", "") : text
}

/** The same value in other letters. */
const spell = (value: Schema.Json, random: () => number): string => {
  const space = () => random() < 0.2 ? " \n" : ""
  if (typeof value === "number") return spellNumber(value, random)
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) {
    return `[${value.map((each: Schema.Json) => space() + spell(each, random) + space()).join(",")}]`
  }
  const entries = Object.entries(value).map((entry) => ({ entry, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ entry: [name, each] }) =>
      `${space()}${JSON.stringify(name)}${space()}:${spell(each as Schema.Json, random)}`
    )
  return `{${entries.join(",")}}`
}

const plainName = (name: string): string => name.replaceAll(/[^a-z]/g, (letter) => `X${letter.charCodeAt(0)}`)

/** Without keys that must be escaped: V8 13.6 confuses some (`{"(":0,"\\":0}`, then `{"(":0,"\t":0}`). */
const withPlainNames = (value: Schema.Json): Schema.Json =>
  Array.isArray(value)
    ? value.map(withPlainNames)
    : typeof value === "object" && value !== null
    ? Object.fromEntries(
      Object.entries(value).map(([name, each]) => [plainName(name), withPlainNames(each as Schema.Json)])
    )
    : value

/** A value with one place in it changed. */
const change = (value: Schema.Json, random: () => number): Schema.Json => {
  if (Array.isArray(value) && value.length > 0) {
    const index = Math.floor(random() * value.length)
    return value.map((each: Schema.Json, at) => at === index ? change(each, random) : each)
  }
  if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
    const names = Object.keys(value)
    const name = names[Math.floor(random() * names.length)]!
    return Object.fromEntries(
      Object.entries(value).map(([each, inner]) => [each, each === name ? change(inner as Schema.Json, random) : inner])
    )
  }
  if (typeof value === "number") return value === 0 ? 1 : -value
  return [value]
}

const Body = Schema.Struct({ messages: Schema.Array(Schema.Json), other: Schema.Json })
const Seed = Schema.Int

describe("RequestKey", () => {
  it.each(same)("is the same for %s", (_name, first, ...texts) => {
    for (const text of texts) assert.strictEqual(RequestKey.of(text), RequestKey.of(first!), text)
  })

  it.each(different)("tells apart %s", (_name, one, other) => {
    assert.notStrictEqual(RequestKey.of(one), RequestKey.of(other))
  })

  it.prop(
    "is the same however a request is spelt, and another when anything is changed",
    [Body, Seed],
    ([{ messages, other }, seed]) => {
      const body = { messages: messages.map(withPlainNames), other: withPlainNames(other) }
      const random = randomFrom(seed)
      const key = RequestKey.of(JSON.stringify(body))
      assert.strictEqual(RequestKey.of(spell(body, random)), key)
      assert.notStrictEqual(RequestKey.of(spell(change(body, random), random)), key)
    },
    { arbitrary: { runs: 1000 } }
  )

  it("gives a body that is nested too deep a key all the same", () => {
    const deep = (content: string) => `${"[".repeat(1_000_000)}${content}${"]".repeat(1_000_000)}`
    assert.notStrictEqual(RequestKey.of(deep("1")), RequestKey.of(deep("2")))
  })

  it("reads a number of many zeros in no time", () => {
    const zeros = "0".repeat(1_000_000)
    assert.strictEqual(RequestKey.of(`{"a":1${zeros}1}`), RequestKey.of(`{"a":1${zeros}1.0}`))
    assert.notStrictEqual(RequestKey.of(`{"a":1${zeros}1}`), RequestKey.of(`{"a":1${zeros}2}`))
  })

  it("outlines a body: its model, and what its fields and items have in common with others", () => {
    const one = RequestKey.outline(`{"model":"m","temperature":0.0,"messages":[{"content":"a"},{"content":"b"}]}`)
    const other = RequestKey.outline(`{"messages":[{"content":"a"},{"content":"c"}],"temperature":0,"model":"m"}`)
    assert.strictEqual(one.model, "m")
    assert.lengthOf(one.features, 4)
    assert.lengthOf(one.features.filter((each) => other.features.includes(each)), 3)
    assert.deepStrictEqual(RequestKey.outline("hello"), { key: RequestKey.of("hello"), model: "", features: [] })
    assert.isBelow(RequestKey.outline(JSON.stringify({ messages: Array.from({ length: 1000 }) })).features.length, 100)
  })

  it("shows a body without what says nothing, long numbers as they are spelt", () => {
    assert.deepStrictEqual(RequestKey.valueOf(`{"a":12345678901234567890,"b":null,"stream":false,"c":0.0}`), {
      a: "12345678901234567890",
      c: 0
    })
  })
})
