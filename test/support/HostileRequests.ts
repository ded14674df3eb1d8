/** What clients may send to any operation and to none, well-formed or not. */
import { Schema } from "effect"
import type { Operation } from "../../src/kernel/http/Operations.ts"
import type { HttpOptions } from "./Http.ts"

/** Chooses one of a list, whatever its length. */
const index = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9999 }))

const at = <A>(items: ReadonlyArray<A>, index: number): A | undefined => items[index % items.length]

const few = <S extends Schema.Top>(item: S, most: number) => Schema.Array(item).check(Schema.isMaxLength(most))

/** Texts that parsers, records and databases trip over. */
const texts = [
  "",
  "m",
  "upstream",
  "upstream/m",
  "s1",
  "__proto__",
  "constructor",
  "toString",
  "\u0000",
  "\ud800",
  "\udfff\ud800",
  "\u2028",
  "😀",
  "ärger/x",
  "a%b_c'\";--",
  "sk-abcdefghijklmnopqrstuvwxyz012345",
  "https://user:secret@host/?api_key=abcdef"
]

export const Text = Schema.Union([Schema.Literals(texts), Schema.String])

/** JSON, also as `JSON.stringify` never writes it. */
const hostileJson = [
  "1e999",
  "-1e999",
  "-0",
  "123456789012345678901234567890",
  "0.1e-400",
  `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`,
  `"\\ud800"`,
  `"\\udc00\\ud800 alone"`,
  `"\\u0000"`,
  `{"a":1,"a":2,"a":[]}`,
  "deep list",
  "deep object",
  "long text",
  `[null,[{}],""]`
]

/** What some fields demand, and others do not expect. */
const usualJson = [`"upstream/m"`, `"upstream"`, `"completed"`, `"s1"`, "0", "1", "true", "false", "null", "[]", "{}"]

/** A JSON value, as text. */
export const Value = Schema.Union([
  Schema.Struct({ text: Schema.Literals(hostileJson) }),
  Schema.Struct({ text: Schema.Literals(usualJson) }),
  Schema.Struct({ json: Schema.Json })
])

/** What is too long to stand in the report of a failure. */
const long: Readonly<Record<string, string>> = {
  "deep list": `${"[".repeat(5000)}${"]".repeat(5000)}`,
  "deep object": `${`{"a":`.repeat(3000)}null${"}".repeat(3000)}`,
  "long text": `"${"x".repeat(5000)}"`
}

const whole = (text: string): string => long[text] ?? text

export const textOf = (value: typeof Value.Type): string =>
  "text" in value ? whole(value.text) : JSON.stringify(value.json)

/** What is no JSON, or no object. */
const brokenBodies = [
  ...hostileJson,
  ...usualJson,
  "",
  " ",
  "{",
  "not JSON",
  `{"model":`,
  "\ufeff{}",
  "\u0000",
  "{}{}",
  `{"type":"header"}\n{"type":"api:request"}\n`,
  "data: [DONE]\n\n"
]

const Header = Schema.Literals([
  "accept: text/event-stream",
  "x-strata-level: debug",
  "x-strata-level: RAW",
  "x-strata-session-id: s1",
  "x-strata-session-id: constructor",
  "x-strata-session-id: not valid",
  "x-strata-hops: 2",
  "x-strata-hops: many",
  "x-strata-provider-data: {",
  `x-strata-provider-data: {"upstream":{"api_key":"from-the-client-1"}}`,
  `x-strata-provider-data: {"__proto__":{"api_key":1}}`,
  "authorization: Bearer createChatCompletion",
  "authorization: Bearer duration_ms",
  "authorization: Bearer \"payload\":",
  "authorization: Basic api-request",
  "x-api-key: text/event-stream",
  "x-api-key: default-1",
  "cookie: a=b; session=secret",
  "__proto__: x",
  "constructor: x",
  "x-latin: \u00e4\u00ff",
  "content-encoding: br",
  "expect: nothing"
])

const contentTypes = [
  "application/json",
  "application/json; charset=utf-16",
  "text/plain",
  "application/x-ndjson",
  "",
  ";;"
]

const Pair = Schema.Struct({ name: index, value: Text })

export const Asked = Schema.Struct({
  operation: index,
  /** What is asked of it is right, but for what follows. */
  usual: Schema.Boolean,
  fields: few(Schema.Struct({ name: index, value: Value }), 5),
  broken: Schema.NullOr(Schema.Literals(brokenBodies)),
  contentType: Schema.NullOr(Schema.Literals(contentTypes)),
  headers: few(Header, 3),
  param: Text,
  query: few(Pair, 3),
  method: Schema.NullOr(Schema.Literals(["HEAD", "OPTIONS", "PATCH", "PUT", "DELETE", "POST", "GET"]))
})
export type Asked = typeof Asked.Type

const unrouted: ReadonlyArray<Pick<Operation, "id" | "method" | "path">> = [
  "/",
  "/v1/:any",
  "/v1/models/",
  "/v1/../v1/models",
  "/v1/%",
  "/v1/%c0%80",
  "//host/v1/models",
  "/v1/chat/completions/:any",
  "/__proto__"
].map((path) => ({ id: "unmatched", method: "POST", path }))

/** Bodies that are answered as they should be. */
const usualBodies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  createChatCompletion: { model: `"upstream/m"`, messages: `[{"role":"user","content":"Hello?"}]` },
  registerModel: { model_id: `"mine"`, provider_model_id: `"m"` },
  endSession: { status: `"completed"` }
}

const namesOf = ({ payload }: Partial<Operation>): ReadonlyArray<string> => {
  const { ast } = Object(payload) as { ast?: { propertySignatures?: ReadonlyArray<{ name: PropertyKey }> } }
  return ["__proto__", "constructor", "vendor", ...(ast?.propertySignatures ?? []).map(({ name }) => String(name))]
}

const bodyOf = (operation: Partial<Operation>, asked: Asked, index: number): string | undefined => {
  if (operation.method === "GET") return undefined
  if (asked.broken !== null && !asked.usual) return whole(asked.broken)
  const names = namesOf(operation)
  const pairs = [
    ...Object.entries(asked.usual ? usualBodies[operation.id ?? ""] ?? {} : {}),
    ["vendor", String(index)],
    ...asked.fields.map(({ name, value }) => [at(names, name) ?? "", textOf(value)])
  ]
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`
}

const encode = (text: string) => encodeURIComponent(text.toWellFormed())

const queryNames = [
  "__proto__",
  "constructor",
  "toString",
  "after",
  "limit",
  "api",
  "type",
  "key",
  "reset",
  "a b&c=",
  ""
]

/** The request as it goes out; its body says, under `vendor`, which answer the vendor is to give. */
export const toHttp = (operations: ReadonlyArray<Operation>, asked: Asked, index: number) => {
  const recorded = operations.filter((operation) => operation.recorded)
  const all = [...operations, ...recorded, ...recorded, ...unrouted]
  const operation: Partial<Operation> & { readonly path: string } = at<(typeof all)[number]>(all, asked.operation)!
  const method = asked.usual ? operation.method : asked.method ?? operation.method
  const path = operation.path.replaceAll(/:\w+/g, () => encode(asked.param))
  const query = asked.query.map(({ name, value }) => `${encode(at(queryNames, name)!)}=${encode(value)}`).join("&")
  const body = bodyOf(operation, asked, index)
  const contentType = asked.usual ? "application/json" : asked.contentType ?? "application/json"
  const headers = Object.fromEntries(asked.headers.map((line) => {
    const [name = "", ...value] = line.split(": ")
    return [name, value.join(": ")]
  }))
  const options: HttpOptions = {
    method: method ?? "GET",
    headers: { ...headers, ...body === undefined ? {} : { "content-type": contentType } },
    ...body === undefined || method === "HEAD" ? {} : { body }
  }
  return { path: query === "" ? path : `${path}?${query}`, options }
}
