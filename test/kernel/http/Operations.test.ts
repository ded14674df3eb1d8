/** The apis.operations are read off the routes: every endpoint is one, complete and told apart from the others. */
import { assert, describe, it } from "@effect/vitest"
import { OpenApi } from "effect/http-api"
import { Api } from "../../../src/apis/Apis.ts"
import { apis } from "../../../src/apis/Apis.ts"
import { openApiPath } from "../../../src/kernel/http/Operations.ts"
import { aliased, aliasesOf } from "../../../src/kernel/http/PathAliases.ts"

const byId = (id: string) => apis.operations.find((operation) => operation.id === id)

describe("Operations", () => {
  it("are those of the OpenAPI document, by method and path", () => {
    const documented = Object.entries(OpenApi.fromApi(Api).paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) =>
        `${method.toUpperCase()} ${path} ${Object(operation).operationId}`
      )
    )
    assert.sameMembers(
      [...apis.operations, ...aliased(apis.operations, aliasesOf(Api as never))]
        .map(({ id, method, path }) => `${method} ${openApiPath(path)} ${id}`),
      documented
    )
    assert.isAbove(documented.length, 0)
  })

  it("have ids of their own, and a summary", () => {
    assert.strictEqual(new Set(apis.operations.map(({ id }) => id)).size, apis.operations.length)
    assert.deepStrictEqual(apis.operations.filter(({ summary }) => summary === ""), [])
    assert.deepStrictEqual(apis.operations.filter(({ id }) => !/^[a-z]+([A-Z][a-z]+)*$/.test(id)), [])
  })

  it("know what they take and what they answer", () => {
    const chat = byId("createChatCompletion")
    assert.deepInclude(chat, { method: "POST", path: "/v1/chat/completions", group: "inference", recorded: true })
    assert.deepStrictEqual(chat?.successStatuses, [200])
    assert.sameMembers(
      [...chat?.errorStatuses ?? []],
      [400, 401, 403, 404, 409, 413, 415, 421, 429, 500, 502, 503, 504]
    )
    assert.isDefined(chat?.payload)
    assert.deepStrictEqual(chat?.contentTypes, ["application/json"])
    assert.isUndefined(chat?.params)
    assert.isDefined(byId("retrieveSession")?.params)
    assert.isDefined(byId("listSessions")?.query)
    assert.isUndefined(byId("listModels")?.payload)
  })

  it("say which of them only look, and are not recorded", () => {
    const looking = apis.operations.filter(({ recorded }) => !recorded)
    assert.includeMembers(looking.map(({ id }) => id), [
      "listEvents",
      "listSessions",
      "retrieveSession",
      "listSessionEvents"
    ])
    const others = looking.filter(({ method }) => method !== "GET").map(({ id }) => id)
    assert.sameMembers(
      others,
      ["acknowledgeConsumerGroup", "verifySession", "postMcp", "endMcp"],
      "an acknowledgement must not make events to acknowledge, and a verification leaves no trace; what is called over " +
        "MCP is recorded as a call of that tool"
    )
  })

  it("say which of them are about sessions and registries, and are not run again", () => {
    assert.sameMembers(apis.operations.filter(({ runsAgain }) => !runsAgain).map(({ id }) => id), [
      "registerModel",
      "unregisterModel",
      "createSession",
      "endSession",
      "forkSession",
      "importSession",
      "cancelTurn",
      "deleteResponse",
      "cancelResponse",
      "cancelInteraction",
      "cancelBetaInteraction",
      "cancelEarlierInteraction",
      "cancelBatch",
      "cancelMessageBatch",
      "deleteMessageBatch",
      "registerToolGroup",
      "unregisterToolGroup",
      "createFile",
      "deleteFile",
      "createUpload",
      "addUploadPart",
      "completeUpload",
      "cancelUpload",
      "processFile",
      "createFileProcessingJob",
      "cancelFileProcessingJob",
      "createVectorStore",
      "updateVectorStore",
      "deleteVectorStore",
      "createVectorStoreFile",
      "updateVectorStoreFile",
      "deleteVectorStoreFile",
      "createVectorStoreFileBatch",
      "cancelVectorStoreFileBatch",
      "postMcp",
      "streamMcp",
      "endMcp"
    ])
  })

  it("say where the last parameter may hold slashes", () => {
    assert.deepStrictEqual(
      apis.operations.filter(({ slashesInLastParameter }) => slashesInLastParameter).map(({ id }) => id),
      ["retrieveModel", "unregisterModel", "retrieveTool", "retrieveToolGroup", "unregisterToolGroup"]
    )
  })

  it.each([
    { path: "/v1/models", written: "/v1/models" },
    { path: "/v1/models/:model_id", written: "/v1/models/{model_id}" },
    { path: "/v1/a/:one/b/:two", written: "/v1/a/{one}/b/{two}" }
  ])("$path is $written in OpenAPI", ({ path, written }) => {
    assert.strictEqual(openApiPath(path), written)
  })
})
