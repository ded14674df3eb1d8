/** What Strata does of itself, as operations: no route leads to them. */
import { Schema } from "effect"
import * as VendorBatches from "../batches/VendorBatch.ts"
import type { Operation } from "../http/Operations.ts"

export interface SystemOperation<Payload extends Schema.Top, Success extends Schema.Top> extends Operation {
  readonly payload: Payload
  readonly success: Success
}

/** As of a call without a wire. */
export const method = "CALL"

const define = <const Id extends `system.${string}`, Payload extends Schema.Top, Success extends Schema.Top>(
  id: Id,
  { payload, runsAgain = false, success, summary }: {
    readonly summary: string
    readonly payload: Payload
    readonly success: Success
    readonly runsAgain?: boolean
  }
): SystemOperation<Payload, Success> => ({
  id,
  method,
  path: id,
  group: "system",
  summary,
  recorded: true,
  public: false,
  opensSession: false,
  runsAgain,
  slashesInLastParameter: false,
  bodyPasses: false,
  sessionParameter: undefined,
  params: undefined,
  query: undefined,
  payload,
  success,
  contentTypes: ["application/json"],
  successStatuses: [200],
  errorStatuses: [500]
})

const instance = { api: Schema.String, provider_id: Schema.String, provider_type: Schema.String }
const status = Schema.Literals(["ok", "unhealthy"])

export const Health = define("system.health", {
  summary: "How a provider fares",
  payload: Schema.Struct(instance),
  success: Schema.Struct({ status })
})

export const Discovery = define("system.discovery", {
  summary: "What a provider lists",
  payload: Schema.Struct({
    ...instance,
    causation_id: Schema.NullOr(Schema.String).annotate({
      description: "The first event of the request that asked for something unknown; null: it was time to look."
    })
  }),
  success: Schema.Struct({ status, registered: Schema.Int, unregistered: Schema.Int })
})

export const Retention = define("system.retention", {
  summary: "Removes payloads over the limits",
  payload: Schema.Struct({}),
  success: Schema.Struct({ events: Schema.Int, bytes: Schema.Int })
})

export const FileExpiry = define("system.file_expiry", {
  summary: "Deletes files and uploads whose time is over",
  payload: Schema.Struct({}),
  success: Schema.Struct({ files: Schema.Int, uploads: Schema.Int })
})

export const VectorStoreExpiry = define("system.vector_store_expiry", {
  summary: "Removes the chunks of vector stores that have expired",
  payload: Schema.Struct({}),
  success: Schema.Struct({ vector_stores: Schema.Int })
})

export const FileIngestion = define("system.file_ingestion", {
  summary: "Reads a file into a vector store",
  payload: Schema.Struct({ vector_store_id: Schema.String, file_id: Schema.String }),
  success: Schema.Struct({ chunk_count: Schema.Int, usage_bytes: Schema.Int })
})

export const VendorBatch = define("system.vendor_batch", {
  summary: "Asks a vendor about a batch that it does",
  payload: Schema.Struct({
    provider_id: Schema.String,
    batch_id: Schema.String.annotate({ description: "Strata's." }),
    action: Schema.Literals(["submit", "find", "retrieve", "results", "cancel"]),
    vendor_id: Schema.optionalKey(Schema.String).annotate({ description: "To retrieve, to cancel: the vendor's." }),
    endpoint: Schema.optionalKey(Schema.String).annotate({ description: "To submit: what each line asks." }),
    headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)).annotate({
      description: "To submit: what the client said to a vendor of the dialect."
    }),
    lines: Schema.optionalKey(Schema.Array(VendorBatches.VendorLine)).annotate({ description: "To submit." }),
    wanted: Schema.optionalKey(VendorBatches.Wanted).annotate({ description: "To find." }),
    vendor: Schema.optionalKey(VendorBatches.VendorBatch).annotate({ description: "For results: as it ended." })
  }),
  success: Schema.Struct({
    vendor_id: Schema.NullOr(Schema.String),
    vendor_status: Schema.NullOr(Schema.String),
    answers: Schema.NullOr(Schema.Int)
  }),
  // It asks a vendor, and changes nothing here.
  runsAgain: true
})

export const all: ReadonlyArray<Operation> = [
  Health,
  Discovery,
  Retention,
  FileExpiry,
  VectorStoreExpiry,
  FileIngestion,
  VendorBatch
]
