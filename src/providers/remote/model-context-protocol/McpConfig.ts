/** How an MCP server is configured: a command that is started here, or an address. */
import { Effect, Schema } from "effect"
import * as CrossFieldCheck from "../../../kernel/provider/CrossFieldCheck.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { flag, maximumTimerMs, text, url, whole } from "../../../kernel/provider/FieldSchema.ts"

const Secret = Schema.RedactedFromValue(Schema.String.check(
  Schema.isPattern(/^[\t\x20-\x7e]*$/, { expected: "visible ASCII" })
))

const secrets = (about: { readonly description: string }) =>
  Schema.Record(Schema.String, Secret).annotate({ expected: "a mapping of texts", ...about, default: {} })
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))

const oneOf: CrossFieldCheck.CrossFieldCheck = ({ command, url }) =>
  command !== undefined && url !== undefined
    ? [{ key: "url", message: "give command or url, not both: one instance is one server" }]
    : []

export const Config = Schema.Struct({
  command: Schema.optionalKey(text.annotate({ description: "The program to start, for example npx. Or give url." })),
  args: Schema.Array(Schema.String).annotate({
    expected: "a list of texts",
    description: "Its arguments, for example [\"-y\", \"my-server\", \"/data\"]. Default none.",
    default: []
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  env: secrets({
    description:
      "Its environment besides HOME, LOGNAME, PATH, SHELL, TERM and USER; it gets nothing else of Strata's. " +
      "Secret, and in no event. Default none."
  }).pipe(FieldPrompt.annotate({ prompt: "Its environment" })),
  cwd: Schema.optionalKey(text.annotate({ description: "The folder it starts in. Default: Strata's." })),
  url: Schema.optionalKey(
    url.annotate({
      description:
        "Where the server is, over streamable HTTP: https://mcp.example.com/mcp. What stands here is reached " +
        "wherever it is, on this machine too. Without url and command, tool groups name servers (mcp_endpoint)."
    }).pipe(FieldPrompt.annotate({ prompt: "Where the server is, over HTTP (empty: command)" }))
  ),
  headers: secrets({ description: "Headers of every request to url: secret, and in no event. Default none." }),
  token: Schema.optionalKey(
    Secret.annotate({ description: "OAuth bearer token for url: the header authorization." }).pipe(
      FieldPrompt.annotate({ displayName: "Bearer token", prompt: "The server's bearer token (empty: none)" })
    )
  ),
  timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a call may take, milliseconds; the server is told that it is cancelled then. Default 60000.",
    default: 60_000
  }).pipe(FieldPrompt.annotate({ prompt: "How long a call may take, milliseconds" })),
  connect_timeout_ms: whole(1, maximumTimerMs, {
    description: "How long the server may take to start and introduce itself, milliseconds. Default 30000.",
    default: 30_000
  }).pipe(FieldPrompt.annotate({ prompt: "How long the server may take to start, milliseconds" })),
  max_message_bytes: whole(1024, 268_435_456, {
    description: "Longest message of the server, bytes; one that sends more is left. Default 4194304.",
    default: 4_194_304
  }).pipe(FieldPrompt.annotate({ prompt: "Longest message of the server, bytes" })),
  max_tools: whole(1, 100_000, { description: "Most tools that are taken of a server. Default 1000.", default: 1000 }),
  max_servers: whole(1, 100_000, {
    description:
      "Most servers named by tool groups and requests that stay connected, each until nobody has asked it for " +
      "idle_timeout_ms; any more are connected for the one call. Default 100.",
    default: 100
  }).pipe(FieldPrompt.annotate({ prompt: "Most named servers that stay connected" })),
  idle_timeout_ms: whole(1, maximumTimerMs, {
    description: "How long a server that a tool group or a request names stays connected when nobody asks it, " +
      "milliseconds. Default 300000.",
    default: 300_000
  }).pipe(FieldPrompt.annotate({ prompt: "How long a named server stays connected unasked, milliseconds" })),
  allow_private_addresses: flag({
    description:
      "True: an mcp_endpoint that a tool group names may be an address of this machine or its network. The " +
      "url of this configuration may anyway. Default false."
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(false)),
    FieldPrompt.annotate({ prompt: "Servers of tool groups may be on this network" })
  )
}).pipe(CrossFieldCheck.annotate(oneOf))
export type Config = typeof Config.Type

/** What a client may send for it with a request. */
export const Data = Schema.Struct({
  headers: Schema.optionalKey(
    Schema.Record(Schema.String, Secret).annotate({
      description: "Headers for the server, such as authorization."
    })
  ),
  mcp_headers: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Record(Schema.String, Secret)).annotate({
      description: "The same by the address of the server, as Llama Stack has it."
    })
  )
})
export type Data = typeof Data.Type
