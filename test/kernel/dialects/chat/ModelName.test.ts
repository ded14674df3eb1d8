/** The model's name changes in the text of a request, and not one other character. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { replaceModel } from "../../../../src/kernel/dialects/chat/ModelName.ts"

const rows: ReadonlyArray<{ readonly name: string; readonly text: string; readonly expected: string }> = [
  { name: "the only key", text: `{"model":"a/b"}`, expected: `{"model":"new"}` },
  { name: "the first key", text: `{"model":"a","stream":true}`, expected: `{"model":"new","stream":true}` },
  { name: "a middle key", text: `{"n":1,"model":"a","stream":true}`, expected: `{"n":1,"model":"new","stream":true}` },
  { name: "the last key", text: `{"messages":[],"model":"a"}`, expected: `{"messages":[],"model":"new"}` },
  { name: "no model at all", text: `{"messages":[{"model":"a"}]}`, expected: `{"messages":[{"model":"a"}]}` },
  { name: "an empty object", text: `{}`, expected: `{}` },
  { name: "an empty object with space", text: ` { } `, expected: ` { } ` },
  {
    name: "a model inside an object, which stays",
    text: `{"metadata":{"model":"inner"},"model":"a"}`,
    expected: `{"metadata":{"model":"inner"},"model":"new"}`
  },
  {
    name: "a model inside a list of objects, which stays",
    text: `{"tools":[{"model":"inner"},[{"model":"deep"}]],"model":"a","x":{"model":"inner"}}`,
    expected: `{"tools":[{"model":"inner"},[{"model":"deep"}]],"model":"new","x":{"model":"inner"}}`
  },
  {
    name: "a value that looks like the key",
    text: `{"a":"model","b":"\\"model\\":\\"x\\"","model":"a"}`,
    expected: `{"a":"model","b":"\\"model\\":\\"x\\"","model":"new"}`
  },
  { name: "a key that begins alike", text: `{"models":["a"],"model":"a"}`, expected: `{"models":["a"],"model":"new"}` },
  { name: "a key in capitals", text: `{"Model":"x","model":"a"}`, expected: `{"Model":"x","model":"new"}` },
  { name: "an escaped key", text: `{"mod\\u0065l":"a"}`, expected: `{"mod\\u0065l":"new"}` },
  { name: "an escaped key that is another", text: `{"mod\\u0065ls":"a"}`, expected: `{"mod\\u0065ls":"a"}` },
  {
    name: "brackets inside texts",
    text: `{"a":"}]{[","b":["]}"],"model":"a"}`,
    expected: `{"a":"}]{[","b":["]}"],"model":"new"}`
  },
  {
    name: "texts that end in a backslash",
    text: `{"a":"c:\\\\","b":["\\\\\\""],"model":"x\\\\"}`,
    expected: `{"a":"c:\\\\","b":["\\\\\\""],"model":"new"}`
  },
  {
    name: "letters of all alphabets",
    text: `{"ключ":"значение 🙂 模型","model":"模型"}`,
    expected: `{"ключ":"значение 🙂 模型","model":"new"}`
  },
  {
    name: "white space everywhere",
    text: `\n{\t"n" : 1 ,\r\n  "model"\n:\t"a" ,\n  "x" : [ ] }\n`,
    expected: `\n{\t"n" : 1 ,\r\n  "model"\n:\t"new" ,\n  "x" : [ ] }\n`
  },
  {
    name: "white space after a last plain value",
    text: `{"model":"a","n":1 \n}`,
    expected: `{"model":"new","n":1 \n}`
  },
  {
    name: "a key of a million characters",
    text: `{"${"k".repeat(1e6)}":1,"model":"a"}`,
    expected: `{"${"k".repeat(1e6)}":1,"model":"new"}`
  },
  { name: "the key twice", text: `{"model":"a","n":1,"model":"b"}`, expected: `{"model":"new","n":1,"model":"new"}` },
  {
    name: "numbers as they were written",
    text: `{"a":1.0,"b":1e3,"c":-0,"d":12345678901234567890,"e":0.10,"model":"a"}`,
    expected: `{"a":1.0,"b":1e3,"c":-0,"d":12345678901234567890,"e":0.10,"model":"new"}`
  },
  {
    name: "plain values",
    text: `{"a":true,"b":false,"c":null,"model":"a"}`,
    expected: `{"a":true,"b":false,"c":null,"model":"new"}`
  },
  { name: "a model that is null", text: `{"model":null,"n":1}`, expected: `{"model":"new","n":1}` },
  { name: "a model that is an object", text: `{"model":{"a":[1]},"n":1}`, expected: `{"model":"new","n":1}` },
  { name: "a slash written with an escape", text: `{"model":"openai\\/gpt","n":1}`, expected: `{"model":"new","n":1}` }
]

const Members = Schema.Array(Schema.Tuple([Schema.String, Schema.Json]))
const Space = Schema.Literals(["", " ", "\n", "\t", "\r\n", "  \n"])

const isOther = ([key]: readonly [string, unknown]) => key !== "model"

describe("ModelName", () => {
  it.each(rows)("replaces in $name", ({ expected, text }) => {
    assert.strictEqual(replaceModel(text, "new"), expected)
  })

  it("writes any name as JSON", () => {
    assert.strictEqual(replaceModel(`{"model":"a"}`, "a\"b\\c\n模"), `{"model":"a\\"b\\\\c\\n模"}`)
    assert.strictEqual(replaceModel(`{"model":"a"}`, "$& $1"), `{"model":"$& $1"}`)
  })

  it.prop(
    "leaves every other character as it was, whatever the request",
    { before: Members, after: Members, old: Schema.Json, model: Schema.String, space: Space },
    ({ after, before, model, old, space }) => {
      const member = ([key, value]: readonly [string, unknown]) =>
        `${space}${JSON.stringify(key)}${space}:${space}${JSON.stringify(value)}${space}`
      const write = (value: unknown) =>
        `${space}{${
          [...before.filter(isOther), ["model", value] as const, ...after.filter(isOther)].map(member).join(",")
        }}${space}`
      const replaced = replaceModel(write(old), model)
      assert.strictEqual(replaced, write(model))
      assert.strictEqual(JSON.parse(replaced).model, model)
    },
    { arbitrary: { runs: 500 } }
  )
})
