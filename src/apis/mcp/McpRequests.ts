/** What a message of MCP does, as a request of its own: recorded, under the rights of who sent it. */
import { Effect } from "effect"
import type { Schema } from "effect"
import { Secrets } from "../../events/redaction/Secrets.ts"
import type { Bytes } from "../../kernel/bytes/Bytes.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import * as RequestInput from "../../kernel/requests/RequestInput.ts"
import { Requests } from "../../kernel/requests/Requests.ts"

/** What the HTTP request that brought the message says besides. */
export interface Sender {
  /** The session of Strata's that its calls of tools belong to. */
  readonly session: string
  /** Texts that no event may show. */
  readonly secrets: ReadonlyArray<string>
}

const answer = (body: string): Bytes<never> => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body
})

const secretsOf = ({ secrets }: Sender): Secrets | undefined => {
  if (secrets.length === 0) return undefined
  const own = new Secrets()
  for (const each of secrets) own.add(each)
  return own
}

export const make = Effect.gen(function*() {
  const requests = yield* Requests
  const { operations } = yield* ServedApi
  const operation = (id: string) => operations.find((each) => each.id === id)

  const run = <A, E, R>(
    id: string,
    payload: Schema.Json,
    sender: Sender,
    effect: Effect.Effect<A, E, R>,
    { encode = JSON.stringify, session }: {
      readonly encode?: (value: A) => string
      readonly session?: string
    } = {}
  ): Effect.Effect<A, unknown, R> =>
    Effect.suspend(() => {
      const of = operation(id)
      if (of === undefined) return effect
      let value: A
      const input = {
        ...RequestInput.make(of, { payload, ...session === undefined ? {} : { session } }),
        secrets: secretsOf(sender)
      }
      const bytes = Effect.map(effect, (given) => {
        value = given
        return answer(encode(given))
      })
      return Effect.map(requests.run(input, bytes), () => value)
    })

  return {
    /** A call of a tool of the tool runtime: as `POST /v1/tool-runtime/invoke`, in the sender's session. */
    invoke: <A, E, R>(
      payload: Schema.Json,
      sender: Sender,
      effect: Effect.Effect<A, E, R>,
      encode: (value: A) => string
    ) => run("invokeTool", payload, sender, effect, { encode, session: sender.session }),
    /** Anything else: as the message itself, in no session. */
    message: <A, E, R>(message: Schema.Json, sender: Sender, effect: Effect.Effect<A, E, R>) =>
      run("postMcp", message, sender, effect)
  }
})
export type McpRequests = Effect.Success<typeof make>
