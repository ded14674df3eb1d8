/** What compressing a payload costs and saves: time of the append, time of the checkpoint, bytes on disk. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import { constants, zstdCompressSync } from "node:zlib"
import * as SqliteRows from "../../src/events/sqlite/SqliteRows.ts"
import { chatBody } from "../Payloads.ts"
import { median } from "../Summary.ts"
import { openBare } from "./OpenLog.ts"

export const payloadKilobytes = [2, 4, 8, 16, 32, 64] as const

interface Cost {
  /** Wall time of an event, the checkpoint included. */
  readonly microseconds: number
  readonly cpuMicroseconds: number
  readonly bytes: number
}

export interface CompressionRate {
  readonly kilobytes: number
  readonly text: Cost
  readonly compressed: Cost
  /** Wall time, compressed over text, within each round; then the median. */
  readonly ratio: number
}

const batch = 100
const charactersOfSlice = 64 * 1024 * 1024
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Frames of a streamed answer as the log records them: JSON in JSON, every frame with words of its own. */
const makePayload = (number: number, characters: number): string => {
  let frames = chatBody("bench-model", "sse")
  for (let frame = 0; frames.length < characters; frame += 1) {
    const content = ((number * 7919 + frame * 104_729) % 2_147_483_647).toString(36)
    frames += `data: ${JSON.stringify({ id: "chatcmpl-0001", choices: [{ index: 0, delta: { content } }] })}\n\n`
  }
  return JSON.stringify({ status: 200, body: frames }).slice(0, characters - 2) + "\"}"
}

const write = async (folder: string, payloads: ReadonlyArray<string>, compress: boolean): Promise<Cost> => {
  const { close, database } = await openBare({ folder, access: "write" })
  const [begin, commit] = [database.prepare("BEGIN IMMEDIATE"), database.prepare("COMMIT")]
  const insert = database.prepare(SqliteRows.insert)
  const draft = {
    type: "llm:response:raw",
    level: "raw",
    schemaVersion: 1,
    time: 0,
    attempt: 1,
    provider: "p"
  } as const
  const nothing = {
    tenant: "",
    sessionId: "s",
    parentSessionId: null,
    requestId: "r",
    causationId: null,
    principal: null
  }
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  for (const [index, payload] of payloads.entries()) {
    if (index % batch === 0) begin.run()
    const stored = compress ? zstdCompressSync(payload, options) : payload
    const id = index.toString(16).padStart(36, "0")
    insert.run(...SqliteRows.toRow(index + 1, "s", index + 1, { ...draft, ...nothing, id, payload }, stored))
    if (index % batch === batch - 1 || index === payloads.length - 1) commit.run()
  }
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)")
  const microseconds = (performance.now() - startedAt) * 1000
  const cpu = process.cpuUsage(cpuBefore)
  await close()
  const { size } = fs.statSync(path.join(folder, "strata.db"))
  fs.rmSync(folder, { recursive: true })
  return {
    microseconds: microseconds / payloads.length,
    cpuMicroseconds: (cpu.user + cpu.system) / payloads.length,
    bytes: size / payloads.length
  }
}

export const measureCompression = async (
  kilobytes: number,
  folder: string,
  rounds: number
): Promise<CompressionRate> => {
  const characters = kilobytes * 1024
  const count = Math.ceil(charactersOfSlice / characters)
  const payloads = Array.from({ length: count }, (_, index) => makePayload(index, characters))
  const slices: Array<{ text: Cost; compressed: Cost }> = []
  for (let round = 0; round < rounds; round += 1) {
    const slice = (compress: boolean) => write(path.join(folder, `${compress}`), payloads, compress)
    const first = await slice(round % 2 === 0)
    const second = await slice(round % 2 !== 0)
    slices.push(round % 2 === 0 ? { compressed: first, text: second } : { text: first, compressed: second })
  }
  const medianOf = (which: "text" | "compressed"): Cost => ({
    microseconds: median(slices.map((slice) => slice[which].microseconds)),
    cpuMicroseconds: median(slices.map((slice) => slice[which].cpuMicroseconds)),
    bytes: median(slices.map((slice) => slice[which].bytes))
  })
  return {
    kilobytes,
    text: medianOf("text"),
    compressed: medianOf("compressed"),
    ratio: median(slices.map(({ compressed, text }) => compressed.microseconds / text.microseconds))
  }
}
