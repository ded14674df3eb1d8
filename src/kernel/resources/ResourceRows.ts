/** The rows of a registry's table as resources: one that is not understood is told, and hides no other. */
import { Effect, Result, Schema } from "effect"
import type { Row } from "../../events/projections/Projection.ts"
import * as FirstIssue from "../issues/FirstIssue.ts"
import type { Resource } from "./Resource.ts"
import type { ResourceKind } from "./ResourceKind.ts"

export const read = Effect.fnUntraced(function*<A>(
  kind: ResourceKind<A>,
  rows: ReadonlyArray<Row<Schema.JsonObject>>
): Effect.fn.Return<ReadonlyArray<Resource<A>>> {
  const decode = Schema.decodeUnknownResult(kind.projection.document)
  const resources: Array<Resource<A>> = []
  for (const { document, key } of rows) {
    const decoded = decode(document)
    if (Result.isSuccess(decoded)) {
      resources.push(kind.ofPayload(document))
      continue
    }
    const { message, path } = FirstIssue.of(decoded.failure)
    yield* Effect.logWarning(
      `The ${kind.type} ${key} is left out, for its row is unreadable: ${path}: ${message}. ` +
        "strata projections rebuild makes it anew from the events"
    )
  }
  return resources
})
