/** Usage for commands: of a log without a server, or of a running server. */
import { Context, Data, Effect, Layer, Schema } from "effect"
import { HttpClient } from "effect/http"
import type { HttpClientError } from "effect/http"
import * as UsageLive from "../apis/usage/UsageLive.ts"
import type { UsageList } from "../apis/usage/UsageModels.ts"
import { UsageList as UsageListSchema, UsageQuery } from "../apis/usage/UsageModels.ts"
import { field, parse, textOrNull } from "../events/types/JsonAccess.ts"
import { AccessControl } from "../kernel/access/AccessControl.ts"
import * as LocalLog from "./LocalLog.ts"
import * as ServerClient from "./ServerClient.ts"

/** Why it can't be done; the message is for a person. */
export class UsageRefused extends Data.TaggedError("UsageRefused")<{ readonly message: string }> {}

/** A query as a URL has it. */
export type Parameters = Readonly<Record<string, string>>

export class UsageAccess extends Context.Service<UsageAccess, {
  page(parameters: Parameters): Effect.Effect<UsageList, UsageRefused>
}>()("strata/cli/UsageAccess") {}

const refuse = ({ message }: { readonly message: string }) => new UsageRefused({ message })

const decodeQuery = Schema.decodeUnknownEffect(Schema.toCodecStringTree(UsageQuery))
const decodeList = Schema.decodeUnknownEffect(Schema.fromJsonString(UsageListSchema))

/** Of the default tenant, without rules: who works on the log itself may do everything. */
export const local = (place: LocalLog.Place) =>
  Layer.effect(
    UsageAccess,
    Effect.map(UsageLive.make, (usage) =>
      UsageAccess.of({
        page: (parameters) => Effect.flatMap(decodeQuery(parameters), usage.totals).pipe(Effect.mapError(refuse))
      }))
  ).pipe(Layer.provide(AccessControl.open), Layer.provide(LocalLog.layer(place, "read")))

export const remote = (url: string) =>
  Layer.effect(
    UsageAccess,
    Effect.map(HttpClient.HttpClient, (client) => {
      const base = url.replace(/\/+$/, "")
      const silent = ({ message }: HttpClientError.HttpClientError) =>
        new UsageRefused({ message: `No answer from ${base}: ${message}. Is the server running? --url names another.` })
      return UsageAccess.of({
        page: Effect.fnUntraced(function*(parameters) {
          const response = yield* Effect.mapError(client.get(`${base}/v1/usage`, { urlParams: parameters }), silent)
          const text = yield* Effect.mapError(response.text, silent)
          if (response.status >= 400) {
            const message = textOrNull(field(field(parse(text), "error"), "message"))
            return yield* new UsageRefused({
              message: message ?? `${base} answered ${response.status}: ${text.slice(0, 200)}`
            })
          }
          return yield* Effect.mapError(
            decodeList(text),
            ({ message }) => new UsageRefused({ message: `The answer of ${base} is not understood: ${message}` })
          )
        })
      })
    })
  ).pipe(Layer.provide(ServerClient.layer))
