/** Whatever changes state is asked for by the contract of what clients keep, or it is written here why not. */
import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import { apis } from "../../../src/apis/Apis.ts"
import type { Operation } from "../../../src/kernel/http/Operations.ts"
import { answerCases } from "../../support/AnswerCases.ts"
import { batchCases } from "../../support/BatchCases.ts"
import { documentCases } from "../../support/DocumentCases.ts"
import type { Known } from "../../support/documentContract.ts"
import { fileCases } from "../../support/FileCases.ts"

/** Operations that keep nothing but what is recorded of each: their answer is all there is of them. */
const keepNothing = [
  "countInputTokens",
  "countMessageTokens",
  "createCompletion",
  "createEmbeddings",
  "createImage",
  "createImageEdit",
  "createImageVariation",
  "createMessage",
  "createModeration",
  "createSpeech",
  "createTranscription",
  "createTranslation",
  "invokeTool",
  "postMcp",
  "endMcp",
  "processFile",
  "queryChunks",
  "rerank",
  "searchVectorStore",
  "verifySession"
]

/** Operations on what is no document of its own, or is seen in no GET: the tests that are about them. */
const heldElsewhere: Readonly<Record<string, ReadonlyArray<string>>> = {
  "test/support/resourceContract.ts": ["registerModel", "unregisterModel", "registerToolGroup", "unregisterToolGroup"],
  "test/apis/vector-stores/VectorStoreFiles.test.ts": [
    "createVectorStore",
    "updateVectorStore",
    "deleteVectorStore",
    "createVectorStoreFile",
    "updateVectorStoreFile",
    "deleteVectorStoreFile",
    "createVectorStoreFileBatch",
    "cancelVectorStoreFileBatch"
  ],
  "test/support/vectorIndexContract.ts": ["insertChunks", "updateChunks", "removeChunks"],
  "test/apis/sessions/SessionLifecycle.test.ts": ["createSession", "endSession", "forkSession", "importSession"],
  "test/apis/turns/TurnApprovals.test.ts": ["createTurn", "cancelTurn", "answerApproval"],
  "test/support/consumerGroupContract.ts": ["acknowledgeConsumerGroup", "deleteConsumerGroup"]
}

const excused = new Set([...keepNothing, ...Object.values(heldElsewhere).flat()])

/** An operation under each of its versions is one: they share what they keep. */
const withoutVersion = (path: string): string => path.replace(/^\/v1(?:alpha|beta)?\//, "/")

const isAskedBy = ({ method, path }: Operation) => {
  const pattern = new RegExp(`^${withoutVersion(path).replaceAll(/:\w+/g, "[^/]+")}$`)
  return (asked: { readonly method: string; readonly path: string }) =>
    asked.method === method && pattern.test(withoutVersion(asked.path))
}

/** Whatever it is asked for is known. */
const anything: Known = new Proxy({}, { get: () => "1" })

const asked = [...documentCases, ...answerCases, ...fileCases, ...batchCases].flatMap(({ changes }) =>
  changes.flatMap(({ ask }) => ask === undefined ? [] : [ask(anything)])
)

/** A path that another operation has without parameters is that one's. */
const operationOf = (request: (typeof asked)[number]) =>
  apis.operations.filter((operation) => isAskedBy(operation)(request))
    .toSorted((a, b) => a.path.split(":").length - b.path.split(":").length)
    .map(({ path }) => withoutVersion(path))[0]

describe("the contract of what clients keep", () => {
  it("asks for every operation that changes state, but for those that are excused", () => {
    const paths = new Map(asked.map((request) => [`${request.method} ${operationOf(request)}`, request]))
    const missing = apis.operations.filter(({ id, method, path }) =>
      method !== "GET" && !excused.has(id) && !paths.has(`${method} ${withoutVersion(path)}`)
    )
    assert.deepStrictEqual(missing.map(({ id }) => id), [])
  })

  it("excuses none that is asked for, and none that is not there", () => {
    const there = new Map(apis.operations.map((operation) => [operation.id, operation]))
    assert.deepStrictEqual([...excused].filter((id) => !there.has(id)), [])
    const names = new Set(asked.map((request) => `${request.method} ${operationOf(request)}`))
    const needless = [...excused].filter((id) => {
      const { method, path } = there.get(id)!
      return names.has(`${method} ${withoutVersion(path)}`)
    })
    assert.deepStrictEqual(needless, [])
  })

  it("names tests that are there", () => {
    assert.deepStrictEqual(Object.keys(heldElsewhere).filter((path) => !existsSync(path)), [])
  })

  it("makes a response over a WebSocket, too", () => {
    assert.isTrue(asked.some(({ method, path }) => method === "WEBSOCKET" && path === "/v1/responses"))
  })
})
