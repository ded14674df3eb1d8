/** How `inline::replay` is configured. */
import { Effect, Schema } from "effect"
import * as CrossFieldCheck from "../../../kernel/provider/CrossFieldCheck.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { text, whole } from "../../../kernel/provider/FieldSchema.ts"

export const Mode = Schema.Literals(["replay", "record", "record-if-missing", "live"]).annotate({
  expected: "replay, record, record-if-missing or live"
})
export type Mode = typeof Mode.Type

const Upstream = Schema.Struct({
  provider_type: text.annotate({ description: "For example `remote::openai`." }).annotateKey({
    messageMissingKey: "missing: say which provider this is, for example provider_type: remote::openai"
  }),
  config: Schema.JsonObject.annotate({ expected: "a mapping" }).pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
    .annotate({
      description: "As that provider type has it."
    })
}).annotate({ expected: "a mapping with provider_type" })

const defaultMaxRecordings = 100_000

const upstreamModes = ["record", "record-if-missing", "live"]

const Fields = Schema.Struct({
  mode: Mode.pipe(Schema.withDecodingDefaultKey(Effect.succeed("replay" as const))).annotate({
    description:
      "replay: only recordings answer; record: the upstream answers, and its answers become the recordings; " +
      "record-if-missing: a recording answers, and where there is none the upstream; live: the upstream answers. " +
      "Default replay."
  }).pipe(FieldPrompt.annotate({ prompt: "Who answers" })),
  session: Schema.optionalKey(text).annotate({
    description: "Id of a session in this server's log, recorded at raw: only its recordings are used."
  }).pipe(FieldPrompt.annotate({ prompt: "Session to replay (empty: all this provider has recorded)" })),
  file: Schema.optionalKey(text).annotate({
    description: "Path of an exported session: only its recordings are used, and nothing is added to it."
  }).pipe(FieldPrompt.annotate({ prompt: "File of an exported session to replay (empty: none)" })),
  upstream: Schema.optionalKey(Upstream).annotate({
    description: "The provider that answers in all modes but replay, where it is not started."
  }).pipe(FieldPrompt.annotate({
    prompt: "Provider that answers what is not recorded",
    showWhen: { mode: upstreamModes }
  })),
  max_recordings: whole(1, Number.MAX_SAFE_INTEGER, {
    description:
      "How many recordings are remembered, some 800 bytes each; of more the oldest are forgotten. Default 100000.",
    default: defaultMaxRecordings
  }).pipe(FieldPrompt.annotate({ prompt: "Recordings to remember" }))
})

const asking: ReadonlySet<unknown> = new Set(upstreamModes)

const fits: CrossFieldCheck.CrossFieldCheck = ({ file, mode, session, upstream }) => [
  ...file === undefined || session === undefined ? [] : [{
    key: "file",
    message: "there is a session too: name one source of recordings, or none for all this provider has recorded"
  }],
  ...!asking.has(mode) || upstream !== undefined ? [] : [{
    key: "upstream",
    message: `missing: the mode ${mode} asks an upstream. ` +
      "Name it, for example upstream: { provider_type: remote::openai, config: { api_key: ... } }, or use the mode replay"
  }]
]

export const Config = Fields.pipe(CrossFieldCheck.annotate(fits))
export type Config = typeof Config.Type
