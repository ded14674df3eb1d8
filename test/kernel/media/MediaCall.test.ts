/** Requests for media operations: what is read of them, and how they go out. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { transcription } from "../../../src/apis/audio/AudioOperations.ts"
import { generation } from "../../../src/apis/images/ImageOperations.ts"
import * as MediaCall from "../../../src/kernel/media/MediaCall.ts"

const json = (value: unknown) => MediaCall.read(generation, Buffer.from(JSON.stringify(value)), "application/json")

const formType = "multipart/form-data; boundary=b"
const field = (name: string, value: string, more = "") =>
  `--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
const form = (...parts: ReadonlyArray<string>) =>
  MediaCall.read(transcription, Buffer.from(`${parts.join("")}--b--\r\n`, "latin1"), formType)

describe("a request in JSON", () => {
  it("keeps what its client wrote, but for the model", () => {
    const call = Result.getOrThrow(json({ model: "p/m", prompt: "x", n: 1.50, future: { model: "y" } }))
    assert.deepInclude(call, { model: "p/m", stream: false, files: [] })
    const text = "{ \"model\": \"p/m\",  \"big\": 12345678901234567890 }"
    const written = Result.getOrThrow(MediaCall.read(generation, Buffer.from(text), "application/json"))
    assert.strictEqual(MediaCall.withModel(written, "m").body, "{ \"model\": \"m\",  \"big\": 12345678901234567890 }")
  })

  it("without a model gets the operation's usual one, where there is one", () => {
    const call = Result.getOrThrow(json({ prompt: "x" }))
    assert.strictEqual(call.model, "dall-e-2")
    assert.deepStrictEqual(JSON.parse(String(MediaCall.withModel(call, "m").body)), { prompt: "x", model: "m" })
    const speechless = MediaCall.read(transcription, Buffer.from("{}"), "application/json")
    assert.deepInclude(Result.isFailure(speechless) ? speechless.failure : {}, { param: "model" })
  })

  it.each([[[1]], ["x"], [null], [{ model: 7 }]])("that is %j is refused", (value) => {
    assert.isTrue(Result.isFailure(json(value)))
  })
})

describe("a request in a form", () => {
  it("has its fields, lists among them, and says what its files are", () => {
    const call = Result.getOrThrow(form(
      field("model", "p/m"),
      field("include[]", "logprobs"),
      field("language", "en"),
      field("language", "no"),
      field("__proto__", "x"),
      field("stream", "true"),
      field("file", "\u0000\xff", "; filename=\"a.mp3\"\r\ncontent-type: audio/mpeg")
    ))
    assert.strictEqual(call.stream, true)
    assert.deepStrictEqual(Object.entries(call.fields), [
      ["model", "p/m"],
      ["include", ["logprobs"]],
      ["language", ["en", "no"]],
      ["__proto__", "x"],
      ["stream", "true"]
    ])
    assert.deepStrictEqual(call.files, [{ field: "file", filename: "a.mp3", content_type: "audio/mpeg", bytes: 2 }])
    assert.deepInclude(JSON.parse(MediaCall.inputOf(call)), { model: "p/m", files: call.files })
  })

  it("goes out with another model's name, byte for byte the same besides", () => {
    const [file, model] = [field("file", "\u0000\xff\r\n", "; filename=\"a\""), field("model", "p/m")]
    const call = MediaCall.withModel(Result.getOrThrow(form(file, model)), "m")
    assert.deepStrictEqual(
      Buffer.from(call.body as Uint8Array),
      Buffer.from(`${file}${field("model", "m")}--b--\r\n`, "latin1")
    )
  })
})
