/** Every operation that a client of others offers and we serve is asked for with that client, and answered, in some test. */
import Anthropic from "@anthropic-ai/sdk"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient } from "llama-stack-client"
import { existsSync } from "node:fs"
import OpenAI from "openai"
import type { Fetch } from "../support/ClientSurface.ts"
import { methods } from "../support/ClientSurface.ts"
import { filesByOperation, listed, operationAt } from "../support/ClientTable.ts"

const options = (fetch: Fetch) => ({ apiKey: "key", adminAPIKey: "key", maxRetries: 0, fetch: fetch as never })

interface Client {
  readonly name: string
  readonly make: (fetch: Fetch) => object
  /** How many of its methods reach us at least, so that a walk that reaches none is no success. */
  readonly least: number
  /** What the client offers and no test asks for with it: the reasons. */
  readonly excused: Readonly<Record<string, string>>
}

const ofAnotherForm = [
  "DELETE /v1/files/{file_id}",
  "DELETE /v1/skills/{skill_id}",
  "DELETE /v1/skills/{skill_id}/versions/{version}",
  "GET /v1/files",
  "GET /v1/files/{file_id}",
  "GET /v1/files/{file_id}/content",
  "GET /v1/sessions",
  "GET /v1/sessions/{session_id}",
  "GET /v1/sessions/{session_id}/events",
  "GET /v1/skills",
  "GET /v1/skills/{skill_id}",
  "GET /v1/skills/{skill_id}/versions",
  "GET /v1/skills/{skill_id}/versions/{version}",
  "GET /v1/skills/{skill_id}/versions/{version}/content",
  "POST /v1/files",
  "POST /v1/sessions",
  "POST /v1/skills",
  "POST /v1/skills/{skill_id}/versions"
]

const ofOpenAi = (operations: ReadonlyArray<string>) =>
  Object.fromEntries(operations.map((operation) => [
    operation,
    "an API of Anthropic's by the path of OpenAI's or Strata's own: what is served there is theirs, in their form"
  ]))

const clients: ReadonlyArray<Client> = [
  { name: "openai", make: (fetch) => new OpenAI(options(fetch)), least: 60, excused: {} },
  {
    name: "@anthropic-ai/sdk",
    make: (fetch) => new Anthropic(options(fetch)),
    least: 10,
    excused: ofOpenAi(ofAnotherForm)
  },
  { name: "llama-stack-client", make: (fetch) => new LlamaStackClient(options(fetch)), least: 40, excused: {} }
]

describe.each(clients)("$name", ({ excused, least, make, name }) => {
  it.live("given all methods that it has, then each operation of ours among them is asked for in a test", () =>
    Effect.gen(function*() {
      const all = yield* Effect.promise(() => methods(make))
      const offered = all.flatMap((method) =>
        method.requests.flatMap((request) => {
          const [verb = "", path = ""] = request.split(" ")
          const operation = operationAt(verb, path)
          return operation === undefined ? [] : [{ operation, method: method.name }]
        })
      )
      assert.isAtLeast(new Set(offered.map(({ method }) => method)).size, least)
      const tested = filesByOperation(name)
      const missing = offered.filter(({ operation }) => !tested.has(operation) && !Object.hasOwn(excused, operation))
      assert.deepStrictEqual(missing, [])
      const needless = Object.keys(excused).filter((operation) =>
        tested.has(operation) || !offered.some((each) => each.operation === operation)
      )
      assert.deepStrictEqual(needless, [], "these need no excuse")
    }))
})

describe("test/apis/clients.json", () => {
  it("has a line for test files that are there, and for them alone", () => {
    const gone = Object.keys(listed()).filter((file) => !existsSync(file))
    assert.deepStrictEqual(gone, [])
  })
})
