/** What the suite of the log measured, as the text that is printed. */
// @effect-diagnostics *:off
import { formatNumber, Table } from "../Table.ts"
import type { LogFigures } from "./LogSuite.ts"

const appendTarget = 0.6
const rebuildTarget = 60

const ratio = (value: number): string => formatNumber(value, 2)

const appendTable = ({ append }: LogFigures): string =>
  Table(
    "append | durability | projections | hub ev/s | group | bare ev/s | ratio | bare, stored form | ratio | CPU ratio",
    3,
    append.map((cell) => [
      `${cell.publishers} publishers`,
      cell.durability,
      cell.projections ? "on" : "off",
      formatNumber(cell.hub),
      formatNumber(cell.meanGroup, 1),
      formatNumber(cell.bareText),
      ratio(cell.ratioToText),
      formatNumber(cell.bareStored),
      ratio(cell.ratioToStored),
      ratio(cell.cpuRatio)
    ])
  )

const appendLegend =
  `bare: node:sqlite inserts the same rows into the same schema, in batches of the hub's mean group, projections never;
stored form: long payloads were compressed before the clock started; CPU ratio: main thread, for an event, hub to bare`

const adapterTable = ({ adapters }: LogFigures): string =>
  Table(
    "append to PostgreSQL | ev/s | group | SQLite ev/s | ratio | CPU ratio",
    1,
    adapters.map((rate) => [
      `${rate.publishers} publishers`,
      formatNumber(rate.postgres),
      formatNumber(rate.meanGroup, 1),
      formatNumber(rate.sqlite),
      ratio(rate.ratio),
      ratio(rate.cpuRatio)
    ])
  )

const followTable = ({ follow }: LogFigures): string =>
  Table(
    "follow | each ev/s | sum ev/s | bare select ev/s | ratio",
    1,
    follow.map((rate) => [
      `${rate.followers} followers`,
      formatNumber(rate.each),
      formatNumber(rate.sum),
      formatNumber(rate.bare),
      ratio(rate.ratio)
    ])
  )

const rebuildTable = ({ rebuild }: LogFigures): string =>
  rebuild === undefined ? "" : Table(
    "rebuild of events | folded | rows | seconds | ev/s | bare select s | ratio | digests",
    1,
    [[
      formatNumber(rebuild.logEvents),
      formatNumber(rebuild.foldedEvents),
      formatNumber(rebuild.rows),
      formatNumber(rebuild.seconds, 1),
      formatNumber(rebuild.perSecond),
      formatNumber(rebuild.bareSeconds, 1),
      ratio(rebuild.seconds / rebuild.bareSeconds),
      rebuild.sameDigests ? "equal" : "DIFFERENT"
    ]]
  )

const verifyTable = ({ verify }: LogFigures): string =>
  verify === undefined ? "" : Table(
    "verify of sessions | requests | sessions/s | requests/s | live requests/s | ratio | divergent",
    1,
    [[
      formatNumber(verify.sessions),
      formatNumber(verify.requests),
      formatNumber(verify.sessionsPerSecond, 1),
      formatNumber(verify.requestsPerSecond),
      formatNumber(verify.liveRequestsPerSecond),
      ratio(verify.ratio),
      formatNumber(verify.divergent)
    ]]
  )

const compressionTable = ({ compression }: LogFigures): string =>
  Table(
    "payload KB | text us | compressed us | ratio | text CPU us | compressed CPU us | text bytes | compressed bytes",
    1,
    compression.map((rate) => [
      formatNumber(rate.kilobytes),
      formatNumber(rate.text.microseconds, 1),
      formatNumber(rate.compressed.microseconds, 1),
      ratio(rate.ratio),
      formatNumber(rate.text.cpuMicroseconds, 1),
      formatNumber(rate.compressed.cpuMicroseconds, 1),
      formatNumber(rate.text.bytes),
      formatNumber(rate.compressed.bytes)
    ])
  )

const verdict = (text: string, met: boolean, value: string): string =>
  `target "${text}": ${met ? "met" : "not met"} (${value})`

const targets = ({ append, rebuild }: LogFigures): ReadonlyArray<string> => [
  ...append.filter(({ publishers }) => publishers === 100).map((cell) =>
    verdict(
      `100 publishers append at >= ${appendTarget} of the bare rate, ${cell.durability}, projections ${
        cell.projections ? "on" : "off"
      }`,
      cell.ratioToText >= appendTarget,
      ratio(cell.ratioToText)
    )
  ),
  ...rebuild === undefined ? [] : [
    verdict(
      "a rebuild of 1,000,000 events takes < 60 s",
      rebuild.seconds / rebuild.logEvents * 1_000_000 < rebuildTarget,
      `${formatNumber(rebuild.seconds / rebuild.logEvents * 1_000_000, 1)} s a million`
    )
  ]
]

export const formatLogReport = (figures: LogFigures): string =>
  [
    `${figures.machine}, Node ${figures.node}, medians of ${figures.rounds} rounds, about ${figures.seconds} s a slice; `
    + `a request is ${formatNumber(figures.request.events, 1)} events with ${
      formatNumber(figures.request.characters)
    } characters of payload`,
    ...figures.append.length === 0 ? [] : [`${appendTable(figures)}\n${appendLegend}`],
    ...figures.adapters.length === 0 ? [] : [adapterTable(figures)],
    ...figures.follow.length === 0 ? [] : [followTable(figures)],
    rebuildTable(figures),
    verifyTable(figures),
    ...figures.compression.length === 0 ? [] : [compressionTable(figures)],
    figures.notes.map((note) => `note: ${note}`).join("\n"),
    targets(figures).join("\n")
  ].filter((part) => part !== "").join("\n\n")
