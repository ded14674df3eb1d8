/** The suite of space: what a conversation that grows takes in the log, for each byte that was said, and which table holds it. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import type { RecordingLevel } from "../../src/kernel/configuration/Configuration.ts"
import { type KindName, kinds, type Turn } from "../../test/support/ConversationKinds.ts"
import { prose } from "../../test/support/Prose.ts"
import type { LogName } from "../BenchOptions.ts"
import { runSql, startPostgres } from "../crash/PostgresServer.ts"
import type { Suite } from "../Suite.ts"
import { formatNumber, Table } from "../Table.ts"
import type { Storage, Vendor } from "./SpaceServer.ts"
import { ofPostgres, startStrata, startVendor } from "./SpaceServer.ts"
import type { StoredBytes } from "./StoredBytes.ts"
import { added, inPostgres, inSqlite, sumOf } from "./StoredBytes.ts"

interface Case {
  readonly log: LogName
  readonly kind: KindName
  readonly level: RecordingLevel
  /** Of a question and its answer. */
  readonly characters: number
}

interface Measured extends Case {
  readonly unique: number
  readonly stored: ReadonlyArray<readonly [string, number]>
}

interface Place {
  readonly folder: string
  readonly storage: Storage
  readonly bytes: () => Promise<StoredBytes>
  readonly finish: () => Promise<void>
}

const session = "growing"

const turnsOf = (count: number, characters: number): ReadonlyArray<Turn> => {
  const text = prose()
  return Array.from({ length: count }, () => ({ question: text(characters / 2), answer: text(characters / 2) }))
}

const hold = async (url: string, vendor: Vendor, kind: KindName, turns: ReadonlyArray<Turn>): Promise<void> => {
  const conversation = kinds[kind](turns)
  let asked = 0
  let next = conversation.next()
  while (next.done !== true) {
    const { body, path } = next.value
    // A conversation is made before anything is said.
    if (path !== "/v1/conversations") vendor.say = turns[asked++]!.answer
    const answer = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-strata-session-id": session },
      body: JSON.stringify(body)
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${kind}: ${answer.status} ${text}`)
    next = conversation.next(JSON.parse(text))
  }
}

const inFolder = (folder: string): Place => ({
  folder,
  storage: { type: "sqlite" },
  bytes: () => Promise.resolve(inSqlite(folder)),
  finish: () => fs.promises.rm(folder, { recursive: true })
})

const inSchema = (folder: string, url: string, schema: string): Place => ({
  folder,
  storage: ofPostgres(url, schema),
  bytes: () => inPostgres(url, schema),
  finish: async () => {
    for (const name of [schema, `${schema}_work`]) await runSql(url, `DROP SCHEMA IF EXISTS ${name} CASCADE`)
    await fs.promises.rm(folder, { recursive: true, force: true })
  }
})

const measure = async (
  { bytes, finish, folder, storage }: Place,
  vendor: Vendor,
  { characters, kind, level }: Case,
  turns: number
): Promise<Omit<Measured, keyof Case>> => {
  const during = async (work: (url: string) => Promise<void>): Promise<StoredBytes> => {
    const server = await startStrata({ folder, level, storage, vendor })
    await work(server.url)
    await server.stop()
    return bytes()
  }
  const empty = await during(() => Promise.resolve())
  const held = turnsOf(turns, characters)
  const full = await during((url) => hold(url, vendor, kind, held))
  await finish()
  return { unique: turns * characters, stored: added(empty, full) }
}

/** Tables and indexes that are named. */
const mostShown = 5

const rowOf = ({ characters, kind, level, log, stored, unique }: Measured): ReadonlyArray<string> => [
  log,
  kind,
  level,
  stored.slice(0, mostShown).map(([name, bytes]) => `${name} ${formatNumber(bytes / unique, 2)}`).join(", "),
  formatNumber(characters),
  formatNumber(sumOf(stored) / unique, 2)
]

export const spaceSuite: Suite = async ({ folder, options, progress }) => {
  const { characters, conversations, levels, logs, turns } = options
  const names = (Object.keys(kinds) as ReadonlyArray<KindName>).filter((name) =>
    conversations.length === 0 || conversations.some((each) => name.includes(each))
  )
  const cases = logs.flatMap((log) =>
    names.flatMap((kind) =>
      levels.flatMap((level) => characters.map((each): Case => ({ log, kind, level, characters: each })))
    )
  )
  const vendor = await startVendor()
  const server = logs.includes("postgres") ? await startPostgres(options.databaseUrl) : undefined
  const measured: Array<Measured> = []
  try {
    for (const [index, each] of cases.entries()) {
      progress(`${each.log}: ${each.kind}, ${each.level}, ${each.characters} characters a turn`)
      const own = path.join(folder, `space-${index}`)
      fs.mkdirSync(own)
      const place = each.log === "sqlite"
        ? inFolder(own)
        : inSchema(own, server!.url, `strata_space_${process.pid}_${index}`)
      measured.push({ ...each, ...await measure(place, vendor, each, turns) })
      progress(`  ${rowOf(measured.at(-1)!).slice(3).join("  ")}`)
    }
  } finally {
    vendor.stop()
    await server?.stop()
  }
  return {
    text: Table(
      "log | conversation | level | bytes for each that was said | characters a turn | in all",
      4,
      measured.map(rowOf)
    ),
    figures: { measured }
  }
}
