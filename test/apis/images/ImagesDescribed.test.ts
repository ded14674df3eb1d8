/** What the document says of streamed images takes the events that OpenAI's document shows. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Described from "../../../src/apis/images/ImagesDescribed.ts"

const image = {
  b64_json: "iVBORw0KGgo=",
  created_at: 1620000000,
  size: "1024x1024",
  quality: "high",
  background: "transparent",
  output_format: "png"
}
const usage = {
  total_tokens: 100,
  input_tokens: 50,
  output_tokens: 50,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 }
}

describe("streamed images, as the document has them", () => {
  it("are unfinished or completed, generated or edited", () => {
    const decode = Schema.decodeUnknownSync(Described.imageEvent())
    for (const kind of ["image_generation", "image_edit"]) {
      for (
        const event of [
          { type: `${kind}.partial_image`, ...image, partial_image_index: 0 },
          { type: `${kind}.completed`, ...image, usage }
        ]
      ) assert.deepStrictEqual<unknown>(decode(event), event)
    }
    assert.throws(() => decode({ type: "image_generation.completed", ...image }))
  })
})
