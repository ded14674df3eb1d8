/** What the configuration file may say. A provider's own `config` is checked later, by that provider's Schema. */
import { Effect, Schema } from "effect"
import { Durability } from "../../events/log/LogAdapter.ts"
import { longestPattern, problem } from "../../events/redaction/RedactionRules.ts"
import { Authentication } from "../access/AuthenticationConfiguration.ts"
import { Quota } from "../access/QuotaConfiguration.ts"
import { Prices } from "../cost/PricesConfiguration.ts"
import { mostByDefault, numbersOfAValue } from "../http/BodyValues.ts"
import { mostByDefault as mostInputFileBytes } from "../http/MostInputFileBytes.ts"
import { maximumTimerMs, text, whole } from "../provider/FieldSchema.ts"
import { ModuleName, ProviderEntry, skipCause } from "../provider/ProviderEntry.ts"
import { RegisteredResources } from "../resources/ResourcesConfiguration.ts"
import { SupervisionSection } from "../stack/SupervisionConfiguration.ts"
import { mostByDefault as mostToolServers } from "../tools/MostToolServers.ts"
import { WorkSection } from "../work/WorkConfiguration.ts"
import { AllowedHosts } from "./AllowedHosts.ts"
import { Cors } from "./CorsConfiguration.ts"
import { Logging } from "./LoggingConfiguration.ts"
import { Retention } from "./RetentionConfiguration.ts"

export const RecordingLevel = Schema.Literals(["default", "debug", "raw"]).annotate({
  expected: "default, debug or raw",
  description:
    "How much of each request and response is recorded: default = a summary, debug = the payload truncated, " +
    "raw = the complete input and output with secrets redacted; only raw can be replayed"
})
export type RecordingLevel = typeof RecordingLevel.Type

const Server = Schema.Struct({
  host: text.annotate({ description: "Network address or name to listen on", default: "127.0.0.1" })
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed("127.0.0.1"))),
  port: whole(0, 65_535, { description: "TCP port to listen on; 0 takes any free one", default: 8321 }),
  max_body_bytes: whole(1, Number.MAX_SAFE_INTEGER, {
    description: "Largest request body accepted, in bytes",
    default: 33_554_432
  }),
  max_body_values: whole(1, Number.MAX_SAFE_INTEGER, {
    description:
      "Most values in a body of JSON, fields and items on all levels: each takes time in which nobody else " +
      `is served. ${numbersOfAValue} numbers of a list count as one`,
    default: mostByDefault
  }),
  shutdown_timeout_ms: whole(0, maximumTimerMs, {
    description: "How long running requests may take to finish at shutdown, in milliseconds",
    default: 10_000
  }),
  events_heartbeat_ms: whole(1, maximumTimerMs, {
    description: "Time between two comments that keep an idle stream of server-sent events open, in milliseconds",
    default: 15_000
  }),
  stream_heartbeat_ms: whole(0, maximumTimerMs, {
    description:
      "Longest silence of a streamed answer, in milliseconds: a comment ends it. An answer that is longer in " +
      "coming begins with status 200, and a failure of it is a frame. 0: never",
    default: 15_000
  }),
  max_websockets: whole(0, 1_000_000, {
    description: "WebSockets that are open at once; 0: none. One more is refused with 503",
    default: 1000
  }),
  websocket_idle_ms: whole(1, maximumTimerMs, {
    description: "How long a WebSocket stays open on which nothing is asked and nothing is answered, in milliseconds",
    default: 3_600_000
  }),
  max_tool_servers: whole(0, 100_000, {
    description: "Most MCP servers and file searches that one response may name; more are refused with 400",
    default: mostToolServers
  }),
  max_input_file_bytes: whole(0, 1_000_000_000, {
    description:
      "Most bytes that the kept files may have together which one request to a model names; more are refused with 400",
    default: mostInputFileBytes
  }),
  allowed_hosts: AllowedHosts,
  cors: Schema.optionalKey(Cors),
  auth: Schema.optionalKey(Authentication),
  quota: Schema.optionalKey(Quota)
}).annotate({
  expected: "a mapping",
  description: "The HTTP server",
  default: {
    host: "127.0.0.1",
    port: 8321,
    max_body_bytes: 33_554_432,
    max_body_values: mostByDefault,
    shutdown_timeout_ms: 10_000,
    events_heartbeat_ms: 15_000,
    stream_heartbeat_ms: 15_000,
    max_websockets: 1000,
    websocket_idle_ms: 3_600_000,
    max_tool_servers: mostToolServers,
    max_input_file_bytes: mostInputFileBytes
  }
})

/** Checked as a whole: what is wrong stands at the key it concerns. */
const validRule = Schema.makeFilter((rule: Parameters<typeof problem>[0]) => {
  const wrong = problem(rule)
  return wrong === undefined ? undefined : { path: [wrong.key], issue: wrong.message }
})

const labelText = "1 to 40 letters, digits, spaces, dots, dashes or underscores"

const RedactionRule = Schema.Struct({
  name: Schema.optionalKey(text.annotate({
    description: "Name of a header, a query parameter or a JSON key, whatever its case: its text or number is masked"
  })),
  pattern: Schema.optionalKey(text.annotate({
    description:
      `Regular expression (JavaScript, up to ${longestPattern} characters), matched within each string: what matches ` +
      "is masked. It runs over every text of every event: one that takes long holds up the server"
  })),
  flags: Schema.optionalKey(Schema.String.annotate({
    expected: "a text",
    description: "Flags of the regular expression, of i, m, s, u and v"
  })),
  replacement: Schema.optionalKey(
    Schema.String.annotate({
      expected: "a text",
      description: "Label shown in the mask: pii gives [REDACTED:pii]; without it the mask is [REDACTED]"
    }).check(Schema.isPattern(/^[\w .-]{1,40}$/, { expected: labelText }))
  )
}).annotate({ expected: "a mapping with name or pattern" }).check(validRule)

const Recording = Schema.Struct({
  level: RecordingLevel.annotate({ default: "raw" })
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed("raw" as const))),
  max_level: RecordingLevel.annotate({
    description:
      "Nothing is recorded above this level, whatever level, the flags of a provider or the header x-strata-level say",
    default: "raw"
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed("raw" as const))),
  debug_bytes: whole(256, 1_048_576, {
    description: "Size of a debug payload, all of it, in bytes; what is longer is cut and says so",
    default: 2048
  }),
  max_stream_bytes: whole(0, 268_435_456, {
    description:
      "What is kept of a streamed answer, in bytes: a longer one passes whole, and its event says how much is " +
      "left out; it can't be replayed",
    default: 33_554_432
  }),
  redact: Schema.Array(RedactionRule)
    .annotate({
      expected: "a list of rules, each with name or pattern",
      description: "What is masked in every event, besides keys and what looks like one",
      default: []
    })
    .check(Schema.isMaxLength(100, { expected: "at most 100 rules" }))
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  durability: Durability.annotate({
    expected: "normal or full",
    description: "What a recorded event survives: normal = a crash of Strata; full = a crash of the machine or of " +
      "PostgreSQL too, for a wait on the disk in each commit",
    default: "normal"
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed("normal" as const))),
  retention: Schema.optionalKey(Retention)
}).annotate({
  expected: "a mapping",
  description: "What is written to the log",
  default: {
    level: "raw",
    max_level: "raw",
    debug_bytes: 2048,
    max_stream_bytes: 33_554_432,
    redact: [],
    durability: "normal"
  }
})

const SqliteStorage = Schema.Struct({
  type: Schema.Literal("sqlite").annotate({ description: "One file in the data folder, for one server" })
})

const PostgresStorage = Schema.Struct({
  type: Schema.Literal("postgres").annotate({ description: "A PostgreSQL database, for any number of servers" }),
  url: Schema.RedactedFromValue(
    text.annotate({
      description: "Where it is: postgres://user:password@host:5432/database; ?sslmode=require encrypts"
    })
      .annotateKey({ messageMissingKey: "missing: say where PostgreSQL is, for example url: ${env.DATABASE_URL}" })
  ),
  schema: text.annotate({ description: "The schema of Strata's tables, made when it is missing", default: "strata" })
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed("strata"))),
  pool_size: whole(1, 1000, {
    description: "Connections at most, beside the one that listens; at least 3",
    default: 10
  })
})

const Storage = Schema.Union([SqliteStorage, PostgresStorage]).annotate({
  expected: "a mapping with type: sqlite or type: postgres",
  description: "Where the log is kept: in the data folder, or in a PostgreSQL database",
  default: { type: "sqlite" }
})

const Hooks = Schema.Struct({
  timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a hook may take each time, where it does not say so itself, in milliseconds",
    default: 5000
  }),
  max_context_characters: whole(1, Number.MAX_SAFE_INTEGER, {
    description: "Longest context one hook may inject into a request, in characters",
    default: 10_240
  })
}).annotate({
  expected: "a mapping",
  description: "Limits of the hooks, which have a say before and after each call to a model",
  default: { timeout_ms: 5000, max_context_characters: 10_240 }
})

const uniqueIds = Schema.makeFilter((entries: ReadonlyArray<ProviderEntry>) =>
  entries.flatMap((entry, index) => {
    const first = entries.findIndex(({ provider_id }) => provider_id === entry.provider_id)
    if (first === index || skipCause(entry) !== undefined) return []
    const issue =
      `"${entry.provider_id}" is already the provider_id of entry [${first}] of this list: give each its own`
    return [{ path: [index, "provider_id"], issue }]
  })
)

export const Configuration = Schema.Struct({
  version: whole(1, 1, { description: "Version of this format", default: 1 }),
  apis: Schema.optionalKey(
    Schema.Array(text).annotate({
      expected: "a list of API names",
      description: "The APIs to serve; without it all. inspect, providers and the documents are always served"
    })
  ),
  modules: Schema.Array(ModuleName).annotate({
    expected: "a list of packages and files",
    description: "Packages, and files relative to this one, that bring APIs or provider types, besides those that " +
      "entries of providers name",
    default: []
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  server: Server.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  logging: Logging.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  data: text.annotate({
    description: "Folder of everything Strata stores, relative to where it is started",
    default: ".strata"
  })
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed(".strata"))),
  storage: Storage.pipe(Schema.withDecodingDefaultKey(Effect.succeed({ type: "sqlite" as const }))),
  recording: Recording.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  hooks: Hooks.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  providers: Schema.Record(
    Schema.String,
    Schema.Array(ProviderEntry).annotate({ expected: "a list of providers, each starting with \"- provider_id:\"" })
      .check(uniqueIds)
  ).annotate({ expected: "a mapping of API names to lists", description: "The providers of each API", default: {} })
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  prices: Prices.pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  supervision: SupervisionSection.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  work: WorkSection.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  registered_resources: RegisteredResources.pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
}).annotate({ expected: "a mapping", identifier: "Configuration", description: "The configuration of a Strata server" })
export type Configuration = typeof Configuration.Type

/** What an empty file means. */
export const defaults: Configuration = Schema.decodeSync(Configuration)({})
