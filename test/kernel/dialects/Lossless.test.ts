/**
 * What one dialect says survives a trip over another. Every path of JSON that does not is in the table, with its reason: no
 * content, no signature, no id and no usage of an answer is among them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import { gemini } from "../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import * as StreamedAnswer from "../../../src/kernel/dialects/gemini/StreamedAnswer.ts"
import { interactions } from "../../../src/kernel/dialects/interactions/InteractionsDialect.ts"
import type { NotOfDialect } from "../../../src/kernel/dialects/NotOfDialect.ts"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { SseReader } from "../../../src/kernel/dialects/sse/SseReader.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"
import type { ChatResponse } from "../../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../../src/kernel/messages/StreamPart.ts"
import { changesOf } from "../../support/JsonLeaves.ts"
import { Recordings } from "../../support/Recordings.ts"
import * as GeminiTraffic from "./gemini/GeminiTraffic.ts"
import * as InteractionsSamples from "./interactions/InteractionsSamples.ts"
import * as KnownChanges from "./LosslessChanges.ts"
import type { Sample } from "./LosslessSamples.ts"
import * as Samples from "./LosslessSamples.ts"

type Fields = Schema.JsonObject

const isFields = (value: unknown): value is Fields => Predicate.isObject(value) && !Array.isArray(value)

const onWire = (value: unknown): Fields => JSON.parse(JSON.stringify(value))

const saysNothing = (value: unknown): boolean =>
  value === null || value === "" || (Array.isArray(value) && value.length === 0)

/** JSON within JSON, whatever its spaces; one text block alone is as good as text. */
const essence = (value: unknown, name = ""): unknown => {
  if (Array.isArray(value)) {
    const [first] = value
    const isPlain = value.length === 1 && isFields(first) && first["type"] === "text" && Object.keys(first).length === 2
    return isPlain ? first["text"] : value.map((each: unknown) => essence(each))
  }
  if (name === "arguments" && Predicate.isString(value)) return essence(JSON.parse(value === "" ? "{}" : value))
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => !saysNothing(each)).map(([name, each]) => [name, essence(each, name)])
  )
}

/** The names of a change, as the table has them. */
const named = (before: unknown, after: unknown): ReadonlyArray<string> => [
  ...new Set(changesOf(essence(before), essence(after)).map(({ change, path }) => `${change} ${path}`))
]

type Wire = Result.Result<Fields, NotOfDialect>

/** A request that passes over a dialect and comes back; the model and the stream are not the body's to say everywhere. */
const requestOver = (own: Dialect, over: Dialect, body: Fields): Wire =>
  own.raise.request(body).pipe(
    Result.flatMap((raised) => {
      const { model, stream } = raised
      if (own === over) return Result.succeed(raised)
      return over.lower.request({ ...raised, model: model ?? "m" }).pipe(
        Result.flatMap((lowered) => over.raise.request(onWire(lowered.body))),
        Result.map((again) => ({
          ...again,
          ...(model == null ? {} : { model }),
          ...(stream == null ? {} : { stream })
        }))
      )
    }),
    Result.flatMap(own.lower.request),
    Result.map(({ body }) => onWire(body))
  )

const answerOver = (own: Dialect, over: Dialect, body: Fields): Wire =>
  own.raise.response(body, "p/m").pipe(
    Result.flatMap((raised) =>
      own === over ? Result.succeed(raised) : over.raise.response(onWire(over.lower.response(raised)), "p/m")
    ),
    Result.map((again) => onWire(own.lower.response(again)))
  )

const kinds = { request: requestOver, answer: answerOver }

interface Trip {
  readonly own: Dialect
  readonly over: Dialect
}

const trips: ReadonlyArray<Trip> = [
  { own: chat, over: chat },
  { own: anthropic, over: anthropic },
  { own: gemini, over: gemini },
  { own: chat, over: anthropic },
  { own: chat, over: gemini },
  { own: chat, over: responses },
  { own: anthropic, over: chat },
  { own: anthropic, over: gemini },
  { own: gemini, over: chat },
  { own: gemini, over: anthropic },
  { own: gemini, over: interactions },
  { own: interactions, over: interactions },
  { own: interactions, over: chat },
  { own: interactions, over: gemini }
]

const written: Readonly<Record<string, Readonly<Record<keyof typeof kinds, ReadonlyArray<Sample>>>>> = {
  chat: { request: Samples.chatRequests, answer: Samples.chatAnswers },
  anthropic: { request: Samples.anthropicRequests, answer: Samples.anthropicAnswers },
  gemini: { request: Samples.geminiRequests, answer: Samples.geminiAnswers },
  interactions: { request: InteractionsSamples.interactionsRequests, answer: InteractionsSamples.interactionsAnswers }
}

const recordedOf = (name: string) =>
  Recordings.load().filter(({ endpoint }) =>
    endpoint === { chat: "/v1/chat/completions", anthropic: "/v1/messages" }[name]
  )

/** Gemini's are in the words of its SDK; of a stream, what it adds up to. */
const ofGemini = (kind: keyof typeof kinds): ReadonlyArray<Fields> =>
  GeminiTraffic.recorded().flatMap(({ answer, request }) => {
    if (kind === "request") return [GeminiTraffic.bodyOf(request)]
    if (answer._tag === "Json") return [GeminiTraffic.answerOf(answer.body)]
    if (answer._tag === "Error") return []
    const frames = answer.chunks.map((chunk) => `data: ${JSON.stringify(GeminiTraffic.answerOf(chunk))}\n\n`)
    const whole = StreamedAnswer.assemble(frames.join(""))
    return whole === undefined ? [] : [whole]
  })

const recorded = (name: string, kind: keyof typeof kinds): ReadonlyArray<Fields> =>
  name === "gemini"
    ? ofGemini(kind)
    : recordedOf(name).flatMap(({ answer, request }) =>
      kind === "request"
        ? [request]
        : answer._tag === "Json" && answer.status < 300 && isFields(answer.body)
        ? [answer.body]
        : []
    )

const cases = trips.flatMap(({ own, over }) =>
  (["request", "answer"] as const).map((kind) => ({
    own,
    over,
    kind,
    name: `${own.name} -> ${over.name} -> ${own.name}`
  }))
)

/** What changes in all of these, and what refuses one. */
const changesIn = ({ kind, over, own }: (typeof cases)[number], bodies: ReadonlyArray<Fields>) =>
  [
    ...new Set(bodies.flatMap((body) =>
      Result.match(kinds[kind](own, over, body), {
        onSuccess: (after) => named(body, after),
        onFailure: ({ dialect, param }) => [`refused by ${dialect}: ${param ?? ""}`]
      })
    ))
  ].toSorted()

const asInTheTable = { unknown: [], unused: [] }

const judged = (
  known: ReadonlyArray<KnownChanges.KnownChange>,
  trip: (typeof cases)[number],
  bodies: ReadonlyArray<Fields>
) =>
  KnownChanges.compared(
    known,
    { own: trip.own.name, over: trip.over.name, kind: trip.kind },
    changesIn(trip, bodies)
  )

describe("all dialects, conversations written here", () => {
  it.each(cases)("keep of $name the $kind, but for what is in the table", (trip) => {
    const bodies = written[trip.own.name]![trip.kind].map(({ body }) => body)
    assert.deepStrictEqual(
      judged([...KnownChanges.written, ...InteractionsSamples.changes], trip, bodies),
      asInTheTable
    )
  })
})

describe.skipIf(!Recordings.available)(`all dialects, recorded traffic ${Recordings.reason}`, () => {
  // Those of Interactions are in the earlier form: InteractionsDialect.recordings.test.ts.
  it.each(cases.filter(({ own }) => own !== interactions))(
    "keep of $name the $kind, but for what is in the table",
    (trip) => {
      const bodies = recorded(trip.own.name, trip.kind)
      assert.isAbove(bodies.length, 0)
      assert.deepStrictEqual(judged(KnownChanges.recorded, trip, bodies), asInTheTable)
    }
  )
})

describe("the table of what is lost", () => {
  it("holds no content, signature, id or usage of an answer", () => {
    const essential = /text|thinking|signature|\bdata\b|\bid\b|Id\b|name|arguments|args|input|_tokens$|TokenCount/i
    const lost = [...KnownChanges.written, ...KnownChanges.recorded, ...InteractionsSamples.changes].filter((
      { kind }
    ) => kind === "answer").flatMap((
      { paths }
    ) => paths).filter((path) => path.startsWith("lost"))
    assert.isAbove(lost.length, 0)
    // What is counted in the sums besides, and by one vendor alone.
    const details = /\.(accepted_prediction|rejected_prediction|audio|total_tool_use)_tokens$|TokensDetails\[\]\.\*$/
    assert.deepStrictEqual(lost.filter((path) => essential.test(path) && !details.test(path)), [])
  })
})

const partsOf = (dialect: Dialect, bytes: Uint8Array): ReadonlyArray<StreamPart> => {
  const [reader, raiser] = [new SseReader(), dialect.raise.stream("p/m")]
  const frames = [...reader.feed(bytes), ...reader.end()]
  return [...frames.flatMap((frame) => raiser.add(frame)), ...raiser.end()]
}

const folded = (dialect: Dialect, parts: ReadonlyArray<StreamPart>): ChatResponse | undefined => {
  const { add } = dialect.lower.stream()
  const last = partsOf(dialect, Buffer.concat([...parts.flatMap(add), dialect.lastFrame])).at(-1)
  return last?.type === "response" ? last.response : undefined
}

/** Ids of items that Strata makes count frames in a stream; a signed text may stand on an empty one behind, as Google has it. */
const comparable = (response: ChatResponse | undefined): Fields => {
  const content: Array<Fields> = []
  for (const block of onWire(response)["content"] as ReadonlyArray<Fields>) {
    const { provider_options, ...rest } = block
    const last = content.at(-1)
    const { responses: _, ...options } = isFields(provider_options) ? provider_options : {}
    const fields = { ...rest, ...Object.keys(options).length === 0 ? {} : { provider_options: options } }
    const isBehind = block["type"] === "text" && block["text"] === "" && block["signature"] !== undefined &&
      last?.["type"] === "text" && last["signature"] === undefined
    if (isBehind) content[content.length - 1] = { ...last, ...fields, text: last["text"]! }
    else content.push(fields)
  }
  return { ...onWire(response), content }
}

const dialects = [chat, anthropic, gemini, responses, interactions]

const streams = Object.entries(written).flatMap(([name, { answer }]) =>
  dialects.flatMap((client) =>
    answer.map((sample) => ({
      vendor: dialects.find((each) => each.name === name)!,
      client,
      body: sample.body,
      name: `${name} for a client of ${client.name}: ${sample.name}`
    }))
  )
)

const recordedStreams = () => [
  ...recordedOf("chat").flatMap(({ answer }) =>
    answer._tag !== "Stream" || answer.chunks.some(Predicate.isString) ? [] : [{ vendor: chat, chunks: answer.chunks }]
  ),
  ...GeminiTraffic.recorded().flatMap(({ answer }) =>
    answer._tag === "Stream" ? [{ vendor: gemini, chunks: answer.chunks.map(GeminiTraffic.answerOf) }] : []
  )
]

describe("all dialects, streams", () => {
  it.each(streams)("add up to the plain answer: of $name", ({ body, client, vendor }) => {
    const answer = Result.getOrThrow(vendor.raise.response(body, "p/m"))
    const plain = Result.getOrThrow(client.raise.response(onWire(client.lower.response(answer)), "p/m"))
    const streamed = folded(client, Translation.partsOf(answer))
    assert.deepStrictEqual(comparable(streamed), comparable(plain))
  })

  it.skipIf(!Recordings.available)(
    `of recorded traffic say to clients what they add up to ${Recordings.reason}`,
    () => {
      let compared = 0
      for (const { chunks, vendor } of recordedStreams()) {
        const text = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")
        const parts = partsOf(vendor, Buffer.from(text))
        const last = parts.at(-1)
        if (last?.type !== "response") continue
        compared++
        for (const client of dialects.filter((each) => each !== vendor)) {
          const plain = Result.getOrThrow(client.raise.response(onWire(client.lower.response(last.response)), "p/m"))
          const streamed = folded(client, parts)
          const [one, other] = [comparable(streamed), comparable(plain)]
          assert.deepStrictEqual([one["content"], one["finish_reason"]], [other["content"], other["finish_reason"]])
          assert.deepStrictEqual(one["usage"], other["usage"])
        }
      }
      assert.isAbove(compared, 50)
    }
  )
})
