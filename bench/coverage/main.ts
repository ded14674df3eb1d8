/** What of the public documents we serve: `npm run coverage:api -- openai=openai.yml ogx=ogx.yaml`. */
// @effect-diagnostics *:off
import { OpenApi } from "effect/http-api"
import { Api } from "../../src/apis/Apis.ts"
import * as ResponsesSocket from "../../src/server/ResponsesSocket.ts"
import * as Coverage from "./Coverage.ts"
import { details, figures } from "./CoverageReport.ts"
import { ogxOperations } from "./OgxOperations.ts"
import * as OpenApiDocument from "./OpenApiDocument.ts"
import { references } from "./References.ts"

const usage = `Usage: npm run coverage:api -- [--details] <name>=<OpenAPI document>...
  Names: ${Object.keys(references).join(", ")}`

const args = process.argv.slice(2)
const ours = OpenApiDocument.make(OpenApi.fromApi(Api))

const coverageOf = (argument: string): Coverage.Coverage => {
  const [name = "", file = ""] = argument.split(/=(.*)/)
  const reference = references[name]
  if (reference === undefined || file === "") throw new Error(usage)
  return Coverage.of(reference, OpenApiDocument.make(OpenApiDocument.read(file), reference.place), ours)
}

/** What OGX declares and does not wire either. */
const unwired = "/v1alpha/containers"
/** No document has connections. */
const socket = `WEBSOCKET ${ResponsesSocket.path}`
const missing = ogxOperations.filter((id) => id !== socket && !ours.operations.has(id) && !id.includes(unwired))

try {
  const coverages = args.filter((each) => each !== "--details").map(coverageOf)
  process.stdout.write(`${figures(coverages)}\n\n`)
  process.stdout.write(`OGX 1.5.0: ${ogxOperations.length} operations; not served: ${missing.length}\n`)
  process.stdout.write(missing.map((id) => `  ${id}\n`).join(""))
  if (args.includes("--details")) process.stdout.write(`\n${details(coverages)}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
