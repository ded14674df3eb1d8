/** A Strata with a vector store of three files, and a model that searches them when it is told to. */
// @effect-diagnostics asyncFunction:off
import { Effect } from "effect"
import type { Schema } from "effect"
import { toFile } from "openai"
import type OpenAI from "openai"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { ask, clientOf } from "./FilesWorld.ts"
import type { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Strata } from "./Strata.ts"
import { chatModel } from "./TurnWorld.ts"
import * as VectorWorld from "./VectorWorld.ts"

/** `call file_search snow` searches for it; what it got it says again, with the mark that it was shown. */
export const model = (request: ReceivedRequest): ScriptedAnswer | undefined => {
  const answer = chatModel(request)
  return answer === undefined
    ? undefined
    : JSON.parse(JSON.stringify(answer).replaceAll("\\\\\\\"say\\\\\\\"", "\\\\\\\"query\\\\\\\""))
}

/** `vectors`: who keeps them. */
export const make = Effect.fnUntraced(function*(
  { folder, vectors = VectorWorld.more.vector_io }: {
    readonly folder?: string
    readonly vectors?: ReadonlyArray<{
      readonly provider_id: string
      readonly provider_type: string
      readonly config: Schema.JsonObject
    }>
  } = {}
) {
  const upstream = yield* FakeUpstream.make({ respond: model })
  const strata = yield* Strata.make({
    level: "raw",
    providers: [Strata.openAi(upstream, { models: ["m"] }), VectorWorld.embeddings],
    more: { ...VectorWorld.more, vector_io: vectors },
    ...folder === undefined ? {} : { folder }
  })
  const client = clientOf(strata)
  const store = yield* ask(() => client.vectorStores.create({ name: "Facts" }))
  for (const [name, text] of Object.entries(VectorWorld.texts)) {
    const file = yield* ask(async () =>
      client.files.create({ file: await toFile(Buffer.from(text), `${name}.txt`), purpose: "assistants" })
    )
    yield* ask(() =>
      client.vectorStores.files.createAndPoll(store.id, { file_id: file.id, attributes: { name } }, {
        pollIntervalMs: 20
      })
    )
  }
  const asking = (more: object = {}): OpenAI.Responses.ResponseCreateParamsNonStreaming => ({
    model: "upstream/m",
    input: "call file_search snow",
    tools: [{ type: "file_search", vector_store_ids: [store.id], max_num_results: 2 }],
    ...more
  })
  return { strata, client, store, upstream, asking }
})
