/** One reader for every stream of server-sent events: whatever a vendor's lines end in, however its bytes are cut. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as SseFrame from "../../../../src/kernel/dialects/sse/SseFrame.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"

interface Row {
  readonly name: string
  readonly text: string
  /** Data, and where it is not the usual, name and id. */
  readonly events: ReadonlyArray<readonly [data: string, event?: string, id?: string]>
  /** Frames as they stand in the text; default: one for each event. */
  readonly frames?: number
}

const big = "x".repeat(10 * 1024 * 1024)

const contract: ReadonlyArray<Row> = [
  { name: "nothing", text: "", events: [] },
  { name: "LF", text: "data: 1\n\ndata: 2\n\n", events: [["1"], ["2"]] },
  { name: "CRLF", text: "data: 1\r\n\r\ndata: 2\r\n\r\n", events: [["1"], ["2"]] },
  { name: "CR", text: "data: 1\r\rdata: 2\r\r", events: [["1"], ["2"]] },
  {
    name: "line ends of all kinds",
    text: "data: 1\r\n\ndata: 2\n\r\ndata: 3\r\r\ndata: 4\n\n",
    events: [["1"], ["2"], ["3"], ["4"]]
  },
  { name: "data without a space", text: "data:1\n\n", events: [["1"]] },
  { name: "data with two spaces", text: "data:  1\n\n", events: [[" 1"]] },
  { name: "empty data", text: "data\n\ndata:\n\ndata: \n\n", events: [[""], [""], [""]] },
  { name: "data over several lines", text: "data: {\ndata: }\n\n", events: [["{\n}"]] },
  { name: "data over several lines, in CRLF", text: "data: {\r\ndata: }\r\n\r\n", events: [["{\n}"]] },
  { name: "an event before the data", text: "event: ping\ndata: 1\n\n", events: [["1", "ping"]] },
  { name: "an event behind the data", text: "data: 1\nevent: ping\n\n", events: [["1", "ping"]] },
  { name: "an id before the data", text: "id: 7\ndata: 1\n\n", events: [["1", "message", "7"]] },
  { name: "a time to retry before the data", text: "retry: 100\ndata: 1\n\n", events: [["1"]] },
  {
    name: "id, event and retry before the data",
    text: "id: 7\nevent: e\nretry: 1\ndata: 1\n\n",
    events: [["1", "e", "7"]]
  },
  { name: "a field it does not know", text: "trace: a\ndata: 1\n\n", events: [["1"]] },
  { name: "a comment of its own", text: ": ping\n\ndata: 1\n\n", events: [["1"]], frames: 2 },
  { name: "a comment in a frame", text: ": ping\ndata: 1\n: pong\n\n", events: [["1"]] },
  { name: "an event without data", text: "event: a\n\ndata: 1\n\n", events: [["1"]], frames: 2 },
  { name: "a byte order mark", text: "\u{feff}data: 1\n\n", events: [["1"]] },
  { name: "more empty lines than it takes", text: "data: 1\n\n\n\ndata: 2\n\n", events: [["1"], ["2"]], frames: 3 },
  { name: "an empty line at first", text: "\ndata: 1\n\n", events: [["1"]] },
  { name: "no empty line at last", text: "data: 1\n\ndata: 2\n", events: [["1"], ["2"]] },
  { name: "no line end at last", text: "data: 1\n\ndata: 2", events: [["1"], ["2"]] },
  { name: "a CR at last", text: "data: 1\r", events: [["1"]] },
  { name: "characters of several bytes", text: "data: é漢😀\n\n", events: [["é漢😀"]] },
  { name: "NUL and separators of Unicode", text: "data: \u0000\u2028\u0085\n\n", events: [["\u0000\u2028\u0085"]] }
]

const read = (chunks: ReadonlyArray<Uint8Array>) => {
  const reader = new SseReader()
  return [...chunks.flatMap((chunk) => reader.feed(chunk)), ...reader.end()]
}

const cut = (bytes: Uint8Array, length: number): ReadonlyArray<Uint8Array> =>
  Array.from(
    { length: Math.ceil(bytes.length / length) },
    (_, index) => bytes.subarray(index * length, (index + 1) * length)
  )

const eventsOf = (frames: ReadonlyArray<SseFrame.SseFrame>) => frames.flatMap(({ event }) => event ?? [])

const expectedOf = ({ events }: Row) => events.map(([data, event = "message", id]) => ({ event, id, data }))

const pieces = Schema.Array(
  Schema.Literals(["data: x", "data:", "event: e", "id: 1", ": c", "\n\n", "\r\n\r\n", "\r\r", "\n", "\r", "é", "😀"])
)
const lengths = Schema.NonEmptyArray(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 7 })))

describe("SseReader", () => {
  it.each(contract)("reads $name", (row) => {
    const frames = read([Buffer.from(row.text)])
    assert.deepStrictEqual(eventsOf(frames), expectedOf(row))
    assert.lengthOf(frames, row.frames ?? row.events.length)
    assert.strictEqual(frames.map(({ text }) => text).join(""), row.text)
  })

  it.each(contract)("reads $name, byte by byte", (row) => {
    const frames = read(cut(Buffer.from(row.text), 1))
    assert.deepStrictEqual(eventsOf(frames), expectedOf(row))
    assert.strictEqual(Buffer.concat(frames.map(({ bytes }) => bytes)).toString(), row.text)
  })

  it.each(contract)("reads $name as a whole text", (row) => {
    // Within a whole text an id holds until the next one; a frame knows its own only.
    const data = ({ data, event }: SseFrame.SseEvent) => [data, event]
    assert.deepStrictEqual(SseFrame.eventsOf(row.text).map(data), expectedOf(row).map(data))
  })

  it.each([1, 16 * 1024, 20 * 1024 * 1024])(
    "reads a frame of 10 MB in chunks of %i bytes behind its first",
    (length) => {
      const text = `data: 1\n\ndata: ${big}\n\ndata: 2\n\n`
      const bytes = Buffer.from(text)
      const chunks = length === 1
        ? [...cut(bytes.subarray(0, 100), 1), bytes.subarray(100, -100), ...cut(bytes.subarray(-100), 1)]
        : cut(bytes, length)
      const frames = read(chunks)
      assert.deepStrictEqual(frames.map(({ data }) => data?.length), [1, big.length, 1])
      assert.isTrue(Buffer.concat(frames.map(({ bytes }) => bytes)).equals(bytes))
    }
  )

  it("gives a frame as soon as its empty line is there", () => {
    const reader = new SseReader()
    const feed = (text: string) => reader.feed(Buffer.from(text)).map(({ data }) => data)
    assert.deepStrictEqual(feed("data: 1\n"), [])
    assert.deepStrictEqual(feed("\ndata: 2\r\n\r"), ["1"])
    assert.deepStrictEqual(feed("\n"), ["2"])
    assert.deepStrictEqual(feed("data: 3\n\ndata: 4\n\nda"), ["3", "4"])
    assert.deepStrictEqual(reader.end().map(({ text }) => text), ["da"])
    assert.deepStrictEqual(reader.end(), [])
  })

  it.prop(
    "cuts the same frames wherever the bytes are cut, and loses none",
    { pieces, lengths },
    ({ lengths, pieces }) => {
      const bytes = Buffer.from(pieces.join(""))
      const whole = read([bytes])
      const chunks: Array<Uint8Array> = []
      for (let start = 0, index = 0; start < bytes.length; index++) {
        const end = start + lengths[index % lengths.length]!
        chunks.push(bytes.subarray(start, end))
        start = end
      }
      const frames = read(chunks)
      assert.deepStrictEqual(frames.map(({ text }) => text), whole.map(({ text }) => text))
      assert.isTrue(Buffer.concat(frames.map(({ bytes }) => bytes)).equals(bytes))
      assert.deepStrictEqual(
        eventsOf(frames).map(({ data, event }) => [data, event]),
        SseFrame.eventsOf(bytes.toString()).map(({ data, event }) => [data, event])
      )
    }
  )

  it.each(contract)("finds the data of a frame with $name", ({ events, text }) => {
    assert.strictEqual(SseFrame.dataOf(text), events[0]?.[0])
  })
})
