/**
 * Stored payloads of every version of every event, one file each: what a log of any age may hold.
 *
 * `npm run samples -- test/apis/sessions` runs these tests and stores a sample of each event they cause that has none
 * yet, as the log held it.
 */
import { Schema } from "effect"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { inject } from "vitest"
import { apis } from "../../src/apis/Apis.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"

declare module "vitest" {
  interface ProvidedContext {
    readonly storeEventSamples: boolean
  }
}

export interface EventSample {
  readonly file: string
  readonly type: string
  readonly version: number
  /** The payload as JSON text. */
  readonly text: string
}

const folder = fileURLToPath(new URL("../events/samples/", import.meta.url))
const manifestName = "manifest.json"

/** `llm.request.raw.v1.json`; more samples of one version have a name of their own: `llm.request.raw.v1.image.json`. */
const fileName = /^([a-z_]+(?:\.[a-z_]+)+)\.v(\d+)(?:\.[a-z0-9-]+)?\.json$/

export const fileOf = (type: string, version: number): string => `${type.replaceAll(":", ".")}.v${version}.json`

/** The names of all files but the manifest. */
export const files = (): ReadonlyArray<string> => readdirSync(folder).filter((file) => file !== manifestName).sort()

export const all = (): ReadonlyArray<EventSample> =>
  files().flatMap((file) => {
    const [, name, version] = fileName.exec(file) ?? []
    if (name === undefined) return []
    return [{
      file,
      type: name.replaceAll(".", ":"),
      version: Number(version),
      text: readFileSync(folder + file, "utf8")
    }]
  })

export const sha256 = (file: string): string => createHash("sha256").update(readFileSync(folder + file)).digest("hex")

/** SHA-256 of each file when it was added. */
export const manifest = (): Readonly<Record<string, string>> =>
  existsSync(folder + manifestName) ? JSON.parse(readFileSync(folder + manifestName, "utf8")) : {}

/** Adds the files it does not have; what it says of the others stays. */
export const extendManifest = (): ReadonlyArray<string> => {
  const known = manifest()
  const added = files().filter((file) => !Object.hasOwn(known, file))
  const entries = [...Object.entries(known), ...added.map((file) => [file, sha256(file)] as const)]
  entries.sort(([left], [right]) => left < right ? -1 : 1)
  if (added.length > 0) {
    writeFileSync(folder + manifestName, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`)
  }
  return added
}

/** A sample says most when every field is there, as long as a person can still read it. */
const readable = 6000

const best = (events: ReadonlyArray<RecordedEvent>): RecordedEvent | undefined => {
  const bySize = events.toSorted((left, right) => left.payload.length - right.payload.length)
  return bySize.findLast(({ payload }) => payload.length <= readable) ?? bySize[0]
}

/** Stores a sample of each event that has none yet; only in `npm run samples`. */
export const store = (events: ReadonlyArray<RecordedEvent>): void => {
  if (!inject("storeEventSamples")) return
  mkdirSync(folder, { recursive: true })
  for (const { payload, type, version } of apis.catalog.definitions) {
    const file = folder + fileOf(type, version)
    if (existsSync(file)) continue
    // Tests also make events up, as far as they need them.
    const isReal = Schema.is(payload)
    const event = best(
      events.filter((each) => each.type === type && each.schemaVersion === version && isReal(payloadOf(each)))
    )
    if (event !== undefined) writeFileSync(file, `${JSON.stringify(payloadOf(event), null, 2)}\n`)
  }
}
