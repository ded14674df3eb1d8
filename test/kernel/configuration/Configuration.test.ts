/** Every field of the configuration says what it is, and the defaults are what the documents promise. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Configuration, defaults } from "../../../src/kernel/configuration/Configuration.ts"

const server = {
  host: "127.0.0.1",
  port: 8321,
  max_body_bytes: 33_554_432,
  max_body_values: 100_000,
  shutdown_timeout_ms: 10_000,
  events_heartbeat_ms: 15_000,
  stream_heartbeat_ms: 15_000,
  max_websockets: 1000,
  websocket_idle_ms: 3_600_000,
  max_tool_servers: 128,
  max_input_file_bytes: 20_971_520
}

const hooks = { timeout_ms: 5000, max_context_characters: 10_240 }

const supervision = {
  start_timeout_ms: 30_000,
  release_timeout_ms: 5000,
  health_timeout_ms: 5000,
  health_interval_ms: 60_000
}

const fields = [
  { name: "version", default: 1 },
  { name: "apis", default: undefined },
  { name: "modules", default: [] },
  { name: "logging", default: { level: "info" } },
  { name: "logging/level", default: "info" },
  { name: "registered_resources", default: { models: [], tool_groups: [] } },
  { name: "registered_resources/models", default: [] },
  { name: "server", default: server },
  { name: "server/host", default: "127.0.0.1" },
  { name: "server/port", default: 8321 },
  { name: "server/max_body_bytes", default: 33_554_432, unit: "bytes" },
  { name: "server/max_body_values", default: 100_000 },
  { name: "server/shutdown_timeout_ms", default: 10_000, unit: "milliseconds" },
  { name: "server/events_heartbeat_ms", default: 15_000, unit: "milliseconds" },
  { name: "server/stream_heartbeat_ms", default: 15_000, unit: "milliseconds" },
  { name: "server/max_websockets", default: 1000 },
  { name: "server/websocket_idle_ms", default: 3_600_000, unit: "milliseconds" },
  { name: "server/max_tool_servers", default: 128 },
  { name: "server/max_input_file_bytes", default: 20_971_520 },
  { name: "data", default: ".strata" },
  { name: "storage", default: { type: "sqlite" } },
  { name: "storage/postgres/url", default: undefined },
  { name: "storage/postgres/schema", default: "strata" },
  { name: "storage/postgres/pool_size", default: 10 },
  {
    name: "recording",
    default: {
      level: "raw",
      max_level: "raw",
      debug_bytes: 2048,
      max_stream_bytes: 33_554_432,
      redact: [],
      durability: "normal"
    }
  },
  { name: "recording/durability", default: "normal" },
  { name: "recording/level", default: "raw" },
  { name: "recording/max_level", default: "raw" },
  { name: "recording/debug_bytes", default: 2048, unit: "bytes" },
  { name: "recording/max_stream_bytes", default: 33_554_432, unit: "bytes" },
  { name: "recording/redact", default: [] },
  { name: "hooks", default: hooks },
  { name: "hooks/timeout_ms", default: 5000, unit: "milliseconds" },
  { name: "hooks/max_context_characters", default: 10_240, unit: "characters" },
  { name: "prices", default: [] },
  { name: "supervision", default: supervision },
  { name: "supervision/start_timeout_ms", default: 30_000, unit: "milliseconds" },
  { name: "supervision/release_timeout_ms", default: 5000, unit: "milliseconds" },
  { name: "supervision/health_timeout_ms", default: 5000, unit: "milliseconds" },
  { name: "supervision/health_interval_ms", default: 60_000, unit: "milliseconds" },
  {
    name: "work",
    default: {
      max_concurrency: 32,
      max_concurrent_requests_per_batch: 16,
      min_vendor_batch_poll_seconds: 5,
      max_vendor_batch_poll_seconds: 300
    }
  },
  { name: "work/max_concurrency", default: 32 },
  { name: "work/max_concurrent_requests_per_batch", default: 16 },
  { name: "providers", default: {} },
  { name: "providers/*/provider_id", default: undefined },
  { name: "providers/*/provider_type", default: undefined },
  { name: "providers/*/config", default: {} },
  { name: "providers/*/required", default: undefined },
  { name: "providers/*/module", default: undefined }
]

const document = Schema.toJsonSchemaDocument(Configuration).definitions["Configuration"]

/** The JSON Schema of one field; `*` steps into a record of lists. */
const fieldSchema = (name: string): unknown => {
  const pointer = name.split("/").flatMap((key) =>
    key === "*" ? ["additionalProperties", "items"] : key === "postgres" ? ["anyOf", "1"] : ["properties", key]
  )
  return pointer.reduce<unknown>(
    (node, key) => typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined,
    document
  )
}

describe("Configuration", () => {
  it.each(fields)("documents $name", (field) => {
    const schema = Object(fieldSchema(field.name))
    assert.match(schema.description, new RegExp(field.unit ?? "."))
    assert.deepStrictEqual(schema.default, field.default)
  })

  it("decodes nothing to those defaults", () => {
    assert.deepStrictEqual(defaults, {
      version: 1,
      modules: [],
      server,
      logging: { level: "info" },
      data: ".strata",
      storage: { type: "sqlite" },
      recording: {
        level: "raw",
        max_level: "raw",
        debug_bytes: 2048,
        max_stream_bytes: 33_554_432,
        redact: [],
        durability: "normal"
      },
      hooks,
      providers: {},
      prices: [],
      supervision,
      work: {
        max_concurrency: 32,
        max_concurrent_requests_per_batch: 16,
        min_vendor_batch_poll_seconds: 5,
        max_vendor_batch_poll_seconds: 300
      },
      registered_resources: { models: [], tool_groups: [] }
    })
  })

  it("encodes what it decoded", () => {
    assert.deepStrictEqual(Schema.encodeSync(Configuration)(defaults), { ...defaults, storage: { type: "sqlite" } })
  })
})
