/** A server that is killed with a vendor's batch in any state: the next one goes on, and the vendor has one batch. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"
import * as FakeBatchVendors from "../../support/FakeBatchVendors.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const completion = {
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 }
}

const configurationOf = (url: string) => `
providers:
  inference:
    - provider_id: upstream
      provider_type: remote::openai
      config: { base_url: "${url}", models: [m] }
  files:
    - { provider_id: files, provider_type: "inline::localfs", config: {} }
work: { min_vendor_batch_poll_seconds: 1, max_vendor_batch_poll_seconds: 1 }
`

/** At what the vendor is asked when the server is killed: it has done it, and never says so. */
const moments: ReadonlyArray<readonly [string, (request: ReceivedRequest) => boolean]> = [
  ["uploads the lines", ({ method, path }) => method === "POST" && path === "/v1/files"],
  ["makes the batch", ({ method, path }) => method === "POST" && path === "/v1/batches"],
  ["asks how far it is", ({ path }) => path === "/v1/batches/batch_vendor_1"],
  ["reads the answers", ({ path }) => path === "/v1/files/batch_vendor_1-output/content"]
]

describe.each(moments)("a server that is killed when it %s", (_, isMoment) => {
  it.live("is gone on for, and the vendor has made one batch", () =>
    Effect.gen(function*() {
      let isKilled = false
      const vendor = FakeBatchVendors.openAi({ answer: () => ({ status: 200, body: completion }) })
      const upstream = yield* FakeUpstream.make({
        respond: (request) => {
          const answered = vendor.respond(request)
          return !isKilled && isMoment(request) ? ScriptedAnswer.silent : answered
        }
      })
      const folder = yield* TemporaryFolder.make
      const options = { folder, configuration: configurationOf(upstream.url) }
      const first = yield* StrataProcess.serve(options)
      const { create } = World.clientAt(first.url)
      const created = yield* create([World.line("a"), World.line("b")], { provider_id: "upstream" })
      const id = String(field(created.json, "id"))
      while (!upstream.received.some(isMoment)) yield* Effect.sleep("20 millis")
      isKilled = true
      yield* first.kill("SIGKILL")
      const second = yield* StrataProcess.serve(options)
      const { awaitStatus, content } = World.clientAt(second.url)
      const { json } = yield* awaitStatus(id, "completed")
      assert.strictEqual(vendor.made.length, 1)
      const output = yield* content(field(json, "output_file_id"))
      assert.deepStrictEqual(output.map((line) => field(line, "custom_id")).toSorted(), ["a", "b"])
    }).pipe(Effect.scoped), 90_000)
})
