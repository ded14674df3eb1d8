/** Batches as their clients make and change them: under their owners' rights, those of one surface apart from the other's. */
import { Effect } from "effect"
import type { EventDraft } from "../../events/types/Envelope.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import * as VendorHeaders from "../../kernel/dialects/VendorHeaders.ts"
import { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import { InProcessOperations } from "../../kernel/modules/InProcessOperations.ts"
import { ServedApi } from "../../kernel/modules/ServedApi.ts"
import { CurrentProviderData } from "../../kernel/provider/ProviderData.ts"
import { Work } from "../../kernel/work/Work.ts"
import { VendorBatchRouter } from "../inference/VendorBatchRouter.ts"
import { operationOf } from "./BatchEndpoints.ts"
import { EndpointForbidden } from "./BatchErrors.ts"
import * as BatchEvents from "./BatchEvents.ts"
import type { KeptBatch } from "./BatchKind.ts"
import { BatchKind, beginning, isOver } from "./BatchKind.ts"
import { BatchWork } from "./BatchWork.ts"

export type Asked = Omit<typeof BatchEvents.Created.payload.Type, "owner">
type Surface = KeptBatch["surface"]

export const invalid = (field: string, message: string) => new DocumentInvalid({ type: "batch", field, message })

const notCancellable = ({ id, status }: KeptBatch) =>
  new DocumentConflict({
    type: "batch",
    code: "batch_not_cancellable",
    message: `The batch ${id} is ${status}: there is nothing left to cancel.`
  })

export type BatchStore = Effect.Success<typeof make>

export const make = Effect.gen(function*() {
  const work = yield* Work
  const router = yield* VendorBatchRouter
  const { operations } = yield* ServedApi
  const inProcess = yield* InProcessOperations
  const documents = yield* Documents.of(BatchKind)

  const get = Effect.fnUntraced(function*(surface: Surface, id: string) {
    const { value } = yield* documents.get(id)
    return value.surface === surface ? value : yield* new DocumentNotFound({ type: "batch", id })
  })

  return {
    get,
    list: Effect.fnUntraced(function*(surface: Surface, query: Omit<Documents.ListQuery, "where">) {
      const { data, has_more } = yield* documents.list({ ...query, where: { surface } })
      return { data: data.map(({ value }) => value), has_more }
    }),
    /** Whether a batch may be made of requests to this endpoint, by who asks, now. */
    authorize: Effect.fnUntraced(function*(endpoint: string, field: string, provider: string | null | undefined) {
      yield* documents.authorizeCreate
      if ((yield* CurrentProviderData).size > 0) {
        return yield* invalid(
          "x-strata-provider-data",
          "The keys of x-strata-provider-data are kept nowhere, and a batch is done later: use keys of the configuration."
        )
      }
      const operation = operationOf(operations, endpoint)
      if (operation === undefined) {
        return yield* invalid(field, `${endpoint} is not served here: add its API to \`apis\` of the configuration.`)
      }
      if (provider != null) {
        yield* router.check(provider, endpoint).pipe(
          Effect.catchTags({
            NoVendorBatch: ({ message }) => Effect.fail(invalid("provider_id", message)),
            // It may run when the batch is begun.
            ProviderUnavailable: () => Effect.void
          })
        )
      }
      const { refusal } = yield* inProcess.answering
      const message = refusal(yield* CurrentPrincipal, operation)
      if (message !== undefined) return yield* new EndpointForbidden({ message })
    }),
    /** Fails with the conflict where there is one of this id. `events`: what stands behind its beginning. */
    submit: Effect.fnUntraced(function*(asked: Asked, events: ReadonlyArray<EventDraft> = []) {
      const owner = yield* CurrentPrincipal
      const created = { ...asked, owner }
      const headers = yield* VendorHeaders.current
      yield* work.submit({
        kind: BatchWork,
        workId: asked.id,
        stream: BatchKind.streamOf(asked.id),
        input: {
          batch: asked.id,
          ...asked.provider_id === undefined ? {} : { provider_id: asked.provider_id },
          ...Object.keys(headers).length === 0 ? {} : { headers }
        },
        events: [yield* Documents.draft(BatchEvents.Created, created), ...events]
      }).pipe(Effect.catchTag("EventIdTaken", Effect.die))
      return beginning(created)
    }),
    cancel: Effect.fnUntraced(function*(surface: Surface, id: string) {
      const batch = yield* get(surface, id)
      // Whether one may is asked as for any change.
      yield* documents.change(id, "update", () => Effect.succeed([]))
      if (batch.status === "cancelling" || batch.status === "cancelled") return batch
      if (isOver(batch)) return yield* notCancellable(batch)
      yield* work.cancel({ tenant: yield* CurrentTenant, workId: id, stream: BatchKind.streamOf(id) })
      return yield* get(surface, id)
    }),
    remove: Effect.fnUntraced(function*(surface: Surface, id: string) {
      yield* get(surface, id)
      yield* documents.change(id, "delete", ({ value }) =>
        isOver(value)
          ? Effect.map(Documents.draft(BatchEvents.Deleted, { id }), (event) => [event])
          : Effect.fail(
            new DocumentConflict({
              type: "batch",
              code: "batch_not_ended",
              message: `The batch ${id} has not ended: cancel it first, and delete it when it has.`
            })
          ))
    })
  }
})
