/** Databricks lists the endpoints of a workspace beside those that are asked. */
import { Effect, Option, Schema } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import type { ListedModel } from "../../../kernel/dialects/VendorModels.ts"
import { NoModelList } from "../../../kernel/dialects/VendorModels.ts"

const Endpoint = openStruct({
  name: Schema.NonEmptyString,
  creator: nullable(Schema.String),
  creation_timestamp: nullable(Schema.Int),
  task: nullable(Schema.String)
})
/** A workspace without endpoints leaves the list out. */
const List = openStruct({ endpoints: Schema.optionalKey(Schema.Array(Schema.Unknown)) })

const decodeList = Schema.decodeUnknownOption(List)
const decodeEndpoint = Schema.decodeUnknownOption(Endpoint)

const chats = (task: string | null | undefined): boolean => task == null || task === "" || task.endsWith("/chat")

export const decode = (value: unknown): Effect.Effect<ReadonlyArray<ListedModel>, NoModelList> => {
  const list = decodeList(value)
  if (Option.isNone(list)) {
    return Effect.fail(new NoModelList({ message: "no list of endpoints: an object with one under endpoints" }))
  }
  const endpoints = (list.value.endpoints ?? []).flatMap((each) => Option.toArray(decodeEndpoint(each)))
  return Effect.succeed(
    endpoints.filter(({ task }) => chats(task)).map(({ creation_timestamp, creator, name }) => ({
      id: name,
      created: Math.floor((creation_timestamp ?? 0) / 1000),
      owned_by: creator ?? "databricks"
    }))
  )
}

/** From /serving-endpoints on. */
export const models = { path: "/../api/2.0/serving-endpoints", decode }
