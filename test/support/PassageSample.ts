/** A log with responses, made through a whole server, whose facts and payloads refer to what state events say. */
import { Context, Effect, Layer } from "effect"
import { PayloadRetention } from "../../src/events/log/PayloadRetention.ts"
import * as SqliteStore from "../../src/events/sqlite/SqliteStore.ts"
import { field } from "../../src/events/types/JsonAccess.ts"
import { Chat } from "./Chat.ts"
import { prose } from "./Prose.ts"
import * as World from "./ResponsesWorld.ts"

/** Writes the log into the folder, at two levels. The bodies of the oldest turns are gone. */
export const make = Effect.fnUntraced(function*(folder: string) {
  const text = prose(11)
  for (const level of ["raw", "default"] as const) {
    const model: World.Options["model"] = (request) =>
      request.method === "POST" ? Chat.answering([`${text(150)} 漢字 😀`, "$& \\ \"", text(150)])(request) : undefined
    const { create, strata } = yield* World.given({ folder, level, model })
    for (const stream of [false, true]) {
      let previous_response_id: string | null = null
      for (let turn = 0; turn < 12; turn++) {
        const input = `${text(200)} 漢字 😀 "$&" \\ and so on`
        const tools = [{ type: "function", name: "search", description: text(180), parameters: { type: "object" } }]
        const answer: Parameters<typeof World.eventsOf>[0] & { readonly json: unknown } = yield* create(
          { input, previous_response_id, tools, stream },
          `${level}-${stream}`
        )
        const response = stream ? World.eventsOf(answer).at(-1)!["response"] : answer.json
        previous_response_id = String(field(response, "id"))
      }
    }
    // All of it is sent again: each payload says the last one.
    const items: Array<World.Json> = []
    for (let turn = 0; turn < 20; turn++) {
      items.push({ role: "user", content: `${text(200)} 漢字 😀 "$&" \\ and so on` })
      const { json } = yield* create({ input: items }, `${level}-again`)
      items.push(...field(json, "output") as ReadonlyArray<World.Json>)
    }
    yield* strata.close
  }
  yield* Effect.gen(function*() {
    const store = yield* Layer.build(SqliteStore.layer({ folder, access: "write" }))
    const options = { before: Number.MAX_SAFE_INTEGER, now: 1_800_000_000_000 }
    yield* Context.get(store, PayloadRetention).prune({ ...options, level: "raw", limit: 60 })
  }).pipe(Effect.scoped)
})
