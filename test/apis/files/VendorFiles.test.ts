/** A vendor of OpenAI's Files API, which gives parts of files or does not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import * as VendorFiles from "../../../src/apis/files/VendorFiles.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"
import * as FakeOpenAiFiles from "../../support/FakeOpenAiFiles.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"

const given = Effect.fnUntraced(function*(ranges: boolean) {
  const { respond } = FakeOpenAiFiles.make()
  const upstream = yield* FakeUpstream.make({ respond })
  const client = HttpClient.mapRequest(yield* HttpClient.HttpClient, HttpClientRequest.prependUrl(upstream.url))
  const files = VendorFiles.make({
    provider: "far",
    client,
    path: "/files",
    maxFileBytes: 100,
    purpose: "batch",
    ranges
  })
  return { files, upstream }
})

const World = Layer.fresh(VendorClient.layer)

describe("VendorFiles", () => {
  for (const ranges of [true, false]) {
    it.live(`given a vendor that gives all of a file, then a part is cut out here (asked for parts: ${ranges})`, () =>
      Effect.gen(function*() {
        const { files, upstream } = yield* given(ranges)
        const { reference } = yield* files.write("file-1", Stream.make(Buffer.from("0123456789")))
        const part = yield* Stream.runCollect(files.read("file-1", { start: 3, end: 5 }, reference))
        assert.strictEqual(Buffer.concat(part).toString(), "345")
        assert.strictEqual(upstream.received.at(-1)?.headers["range"], ranges ? "bytes=3-5" : undefined)
      }).pipe(Effect.provide(World)))
  }
})
