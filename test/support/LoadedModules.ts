/** The modules that a server has loaded when it has answered one question, how it is; and those that must wait. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Http } from "./Http.ts"
import * as StrataProcess from "./StrataProcess.ts"
import * as TemporaryFolder from "./TemporaryFolder.ts"

/** Writes the address of each module, and of each script of a bundle, when the process ends. */
const listing = (file: string) => `
import { Session } from "node:inspector"
import { registerHooks } from "node:module"
import { writeFileSync } from "node:fs"
const loaded = []
const session = new Session()
session.connect()
session.on("Debugger.scriptParsed", ({ params }) => {
  if (params.url.includes("/bundle/")) loaded.push(params.url)
})
session.post("Debugger.enable")
registerHooks({
  load: (url, context, next) => {
    loaded.push(url)
    return next(url, context)
  }
})
process.on("exit", () => writeFileSync(${JSON.stringify(file)}, loaded.join("\\n")))
`

const inBundle = /\/bundle\/[^/]+\.js$/

/** A bundle's file says above each module where it is from. */
const modulesIn = (url: string): ReadonlyArray<string> =>
  inBundle.test(url)
    ? readFileSync(fileURLToPath(url), "utf8").split("\n").flatMap((line) =>
      /^\/\/ (\S.*\.[cm]?[jt]s)$/.exec(line)?.[1] ?? []
    )
    : [url]

export interface Loaded {
  readonly files: ReadonlyArray<string>
  /** Those of a bundle's files one by one. */
  readonly modules: ReadonlyArray<string>
}

/** What is loaded by a server that answers once; `STRATA_BUNDLE: "0"` in its environment is Strata's files one by one. */
export const byServer = Effect.fnUntraced(function*(options: Omit<StrataProcess.ServeOptions, "folder">) {
  const folder = yield* TemporaryFolder.make
  const [hook, list] = [join(folder, "listing.mjs"), join(folder, "loaded.txt")]
  writeFileSync(hook, listing(list))
  const environment = { NODE_OPTIONS: `--import=${hook}`, ...options.environment }
  const server = yield* StrataProcess.serve({ ...options, folder, environment })
  assert.strictEqual((yield* Http.send(server.url, "/v1/health")).status, 200)
  assert.strictEqual((yield* server.kill("SIGTERM")).code, 0)
  const files = readFileSync(list, "utf8").split("\n")
  return { files, modules: files.flatMap(modulesIn) } satisfies Loaded
})

export const openAi = `providers:
  inference:
    - { provider_id: p, provider_type: "remote::openai", config: { base_url: "http://127.0.0.1:1/v1", api_key: "sk-1" } }
`

/** Each with who asks for it. */
const late = [
  [/\/node_modules\/(pg|pg-pool|@effect\/sql-pg)\/|\/events\/postgres\/PostgresStore\./, "storage: postgres"],
  [/\/node_modules\/jose\/|\/server\/JwtAuthentication\./, "tokens of an issuer"],
  [/\/events\/sqlite\/SqliteCheckpointWorker\./, "32 MB of log"],
  [/@energetic-ai|\/EmbeddingWorker\./, "embeddings in this process"],
  [/\/cli\/(Init|Keys|Replay|Fork|Sessions|EventsTail|ProvidersCommand|ProjectionsCommand)\./, "another command"],
  [/openapi-schema-validator|\/node_modules\/(vitest|typescript)\//, "development"],
  [/\/effect\/dist\/(cluster|workflow)\//, "several runners"],
  [/\/node_modules\/(sqlite-vec|usearch|unpdf|officeparser|html-to-text|csv-parse|gpt-tokenizer)/, "files and vectors"],
  [/\/node_modules\/@aws-sdk\//, "a bucket"]
] as const

/** What is loaded although nobody has asked for it. */
export const early = ({ modules }: Loaded): ReadonlyArray<string> =>
  late.flatMap(([pattern, asks]) => modules.filter((url) => pattern.test(url)).map((url) => `${url}, for ${asks}`))
