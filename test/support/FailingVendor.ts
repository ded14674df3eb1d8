/** A vendor that fails by a script, behind a Strata of one provider: what it got, when, and what its clients got. */
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Chat } from "./Chat.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Strata } from "./Strata.ts"
import * as Verify from "./verify.ts"

export interface Script {
  readonly config: Schema.JsonObject
  /** The answer to the call of this number, from 1; undefined: it works. */
  readonly answer: (n: number, request: ReceivedRequest) => ScriptedAnswer | undefined
}

/** OpenAI's refusal of a status. */
export const refusal = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  code: string | null = null
): ScriptedAnswer =>
  ScriptedAnswer.json(status, { error: { message: `refused by ${status}`, type: "error", param: null, code } }, headers)

export const cutOff: ScriptedAnswer = { _tag: "Frames", status: 200, frames: [], destroyAfter: 0 }

const answering = Chat.answering(["fine"])

export const world = Effect.fnUntraced(function*({ answer, config }: Script) {
  let calls = 0
  const sentAt: Array<number> = []
  const upstream = yield* FakeUpstream.make({
    respond: (request) => {
      sentAt.push(performance.now())
      return answer(++calls, request) ?? answering(request)
    }
  })
  const strata = yield* Strata.make({
    level: "raw",
    providers: [Strata.openAi(upstream, { models: ["m"], ...config })]
  })
  return {
    upstream,
    strata,
    sentAt,
    ask: (asked: Parameters<typeof Chat.ask>[1] = {}) => Chat.ask(strata.url, { session: "s", ...asked }),
    payloads: (...types: ReadonlyArray<string>) =>
      Effect.map(strata.events({ types }), (events) => events.map((event) => Object(payloadOf(event)))),
    verified: Effect.map(Verify.verify(strata.folder, ["s"]), ([report]) => report!)
  }
})
