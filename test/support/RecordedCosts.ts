/** A data folder with calls that have a cost. */
import { Effect } from "effect"
import { Chat } from "./Chat.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Strata } from "./Strata.ts"
import * as TemporaryFolder from "./TemporaryFolder.ts"

const respond = () =>
  ScriptedAnswer.json(200, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, message: { role: "assistant", content: "Blue" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 }
  })

/** A data folder of three sessions, each of one call of 1000 tokens of input and 100 of output. */
export const recorded = Effect.gen(function*() {
  const folder = yield* TemporaryFolder.make
  const upstream = yield* FakeUpstream.make({ respond })
  const strata = yield* Strata.make({ folder, providers: [Strata.openAi(upstream, { models: ["gpt-4o"] })] })
  yield* Effect.forEach(["a", "b", "c"], (session) => Chat.ask(strata.url, { session, model: "upstream/gpt-4o" }))
  return { folder, strata }
})
