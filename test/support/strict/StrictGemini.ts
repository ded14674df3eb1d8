/** Google's Gemini, as strict as its documents say: https://ai.google.dev/gemini-api/docs/thought-signatures */
import type { ReceivedRequest } from "../FakeUpstream.ts"
import { ScriptedAnswer } from "../ScriptedAnswer.ts"
import * as Vendors from "../Vendors.ts"
import type { Fields, Rules } from "./StrictVendor.ts"
import { differing, fieldsOf, listOf, respond, unknownIn, unless } from "./StrictVendor.ts"

const bodyFields = "contents systemInstruction tools toolConfig generationConfig safetySettings cachedContent".split(
  " "
)
const partFields = "text thought thoughtSignature inlineData fileData functionCall functionResponse".split(" ")
const configFields =
  "temperature topP topK maxOutputTokens seed stopSequences responseMimeType responseJsonSchema responseSchema thinkingConfig candidateCount frequencyPenalty presencePenalty"
    .split(" ")

const functionsIn = (content: Fields | undefined, name: "functionCall" | "functionResponse") =>
  listOf(content?.["parts"]).map((part) => part[name]).filter((each) => each !== undefined).map(fieldsOf)

/** A summary of a thought is for people: it need not come back. */
const isKept = (part: Fields): boolean => part["thought"] !== true

const saidParts = (content: Fields | undefined) => listOf(content?.["parts"]).filter(isKept)

const contentOf = (answer: Fields | undefined): Fields =>
  fieldsOf(fieldsOf(listOf(answer?.["candidates"])[0])["content"])

const ofTurn = (contents: ReadonlyArray<Fields>, index: number): ReadonlyArray<string> => {
  const where = `contents.${index}`
  const { parts, role } = contents[index]!
  const calls = role === "model" ? functionsIn(contents[index], "functionCall") : []
  const results = functionsIn(contents[index + 1], "functionResponse")
  return [
    ...unless(role !== contents[index - 1]?.["role"], `${where}: roles must alternate`),
    ...unless(listOf(parts).length > 0, `${where}: must include at least one parts field`),
    ...listOf(parts).flatMap((part) => unknownIn(where, part, partFields)),
    ...role === "model"
      ? differing(`${where}: responses`, results.map(({ name }) => name), calls.map(({ name }) => name))
      : [],
    ...results.flatMap((each) => unknownIn(where, each, ["id", "name", "response", "parts"])),
    ...calls.flatMap((each) => unknownIn(where, each, ["id", "name", "args"]))
  ]
}

const issues =
  (answers: ReadonlyArray<Fields>) => ({ body, headers, path }: ReceivedRequest): ReadonlyArray<string> => {
    const request = fieldsOf(body)
    const contents = listOf(request["contents"])
    const said = contents.filter(({ role }) => role === "model")
    return [
      ...unless(/^\/v1\/models\/m:(generateContent|streamGenerateContent\?alt=sse)$/.test(path), `path ${path}`),
      ...differing("x-goog-api-key", headers["x-goog-api-key"], Vendors.vendorKey),
      ...unknownIn("body", request, bodyFields),
      ...unknownIn("generationConfig", fieldsOf(request["generationConfig"]), configFields),
      ...unless(contents[0]?.["role"] === "user", "contents: the first turn is the user's"),
      ...contents.flatMap((_, index) => ofTurn(contents, index)),
      // What the model has said comes back as it was, each signature with its part.
      ...said.flatMap((content, turn) =>
        differing(`turn ${turn}`, saidParts(content), saidParts(contentOf(answers[turn])))
      )
    ]
  }

const rules = (answers: ReadonlyArray<Fields>): Rules => ({
  issues: issues(answers),
  turns: (body) => listOf(body["contents"]).filter(({ role }) => role === "model").length,
  asksStream: ({ path }) => path.includes(":streamGenerateContent"),
  refusal: (message) => ScriptedAnswer.json(400, { error: { code: 400, message, status: "INVALID_ARGUMENT" } }),
  plain: (answer) => ScriptedAnswer.json(200, answer),
  // Each part in a chunk of its own, the end with the last.
  streamed: (answer) => {
    const { candidates: [candidate] = [], usageMetadata, ...head } = answer as {
      candidates?: ReadonlyArray<Fields>
      usageMetadata: Fields
    }
    const parts = listOf(contentOf(answer)["parts"])
    const chunks = parts.map((part, index) => ({
      candidates: [{
        content: { role: "model", parts: [part] },
        index: 0,
        ...index < parts.length - 1 ? {} : { finishReason: candidate?.["finishReason"] }
      }],
      usageMetadata,
      ...head
    }))
    return Vendors.frames(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`))
  }
})

/** An answer as Gemini gives it whole. */
export const answer = (parts: ReadonlyArray<Fields>): Fields => ({
  candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }],
  usageMetadata: {
    promptTokenCount: 30,
    cachedContentTokenCount: 20,
    candidatesTokenCount: 3,
    thoughtsTokenCount: 2,
    totalTokenCount: 35
  },
  modelVersion: "gemini-3-flash",
  responseId: "r1"
})

export const make = (answers: ReadonlyArray<Fields>) => respond(rules(answers), answers)
