/** The clients of a run: over HTTP, or two calls side by side in the server's process. */
import { Effect, Stream } from "effect"
import { Agent, request as send } from "node:http"
import { apis } from "../../../src/apis/Apis.ts"
import { Inference } from "../../../src/apis/inference/Inference.ts"
import { isStreamed } from "../../../src/kernel/bytes/Bytes.ts"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../../src/kernel/requests/Requests.ts"
import { Keys } from "../Keys.ts"
import { callOf } from "../WireCalls.ts"
import type { GoldenServer } from "./GoldenServer.ts"
import type { Scenario } from "./Scenario.ts"
import { bodyOf } from "./Scenario.ts"

const headersOf = ({ client, level, session }: Scenario): Record<string, string> => ({
  "content-type": "application/json",
  ...Keys.headers(client),
  "x-api-key": "sk-other-0123456789abcdefghijklmn",
  ...(level === undefined ? {} : { "x-strata-level": level }),
  ...(session === undefined ? {} : { "x-strata-session-id": session })
})

/** Reads the answer to its end, or leaves when so much of it is there. */
const read = (url: string, agent: Agent, scenario: Scenario, seed: number) =>
  Effect.callback<void>((resume) => {
    const { isStray, leavesAfter, mark } = scenario
    const path = isStray ? `/v1/stray/${mark}?api_key=sk-query-0123456789abcdefghijklmn` : "/v1/chat/completions"
    const ended = () => resume(Effect.void)
    const request = send(`${url}${path}`, { method: "POST", headers: headersOf(scenario), agent }, (response) => {
      let received = 0
      response.on("data", (bytes: Buffer) => {
        received += bytes.length
        if (leavesAfter !== undefined && received >= leavesAfter) request.destroy()
      })
      response.once("close", ended)
    })
    request.once("error", ended)
    request.end(bodyOf(scenario, seed))
    return Effect.sync(() => void request.destroy())
  })

/** A client that leaves waits no longer than this: for an answer that may not come, or for none at all. */
const overHttp = (url: string, agent: Agent, scenario: Scenario, seed: number): Effect.Effect<void> => {
  const { leavesAfter } = scenario
  const asked = read(url, agent, scenario, seed)
  return leavesAfter === undefined
    ? asked
    : Effect.asVoid(Effect.timeoutOption(asked, leavesAfter === 0 ? "4 millis" : "40 millis"))
}

const createChatCompletion = apis.operations.find(({ id }) => id === "createChatCompletion")!

const ask = Effect.fnUntraced(function*(text: string) {
  return yield* (yield* Inference).send(callOf(JSON.parse(text)))
})

/** Two calls of one request; its client gets the answer of the first. */
const pair = (scenario: Scenario, seed: number) =>
  Effect.gen(function*() {
    const text = bodyOf({ ...scenario, isInvalid: false }, seed)
    const { level, session } = scenario
    const input = RequestInput.make(createChatCompletion, {
      payload: text,
      ...(level === undefined ? {} : { level }),
      ...(session === undefined ? {} : { session })
    })
    const calls = [1, 2].map((call) => ask(text.replace(scenario.mark, `${scenario.mark}-${call}`)))
    const both = Effect.map(Effect.all(calls, { concurrency: 2 }), ([first]) => first!)
    const bytes = yield* (yield* Requests).run(input, both)
    if (isStreamed(bytes)) yield* Stream.runDrain(bytes.body.stream)
  }).pipe(Effect.exit, Effect.asVoid)

export const make = ({ inProcess, url }: GoldenServer, seed: number) => {
  const agent = new Agent({ keepAlive: true })
  return {
    ask: (scenario: Scenario): Effect.Effect<void> =>
      scenario.isPair
        ? inProcess(pair(scenario, seed))
        : overHttp(url, agent, scenario, seed),
    close: () => agent.destroy()
  }
}
