/** Events of images, field by field, for the document: the vendor's pass as they are. */
import { Schema } from "effect"
import { given, is, object, variants } from "../../kernel/dialects/DescribedFields.ts"

const text = (description: string, example: string) => given(Schema.String, description, example)
const count = (description: string, example: number) => given(Schema.Int, description, example)

const image = () => ({
  b64_json: text("The image, in base64.", "iVBORw0KGgo="),
  created_at: count("Seconds since 1970.", 1764000000),
  size: text("Width and height, pixels.", "1024x1024"),
  quality: text("`low`, `medium`, `high` or `auto`.", "high"),
  background: text("`transparent`, `opaque` or `auto`.", "opaque"),
  output_format: text("`png`, `jpeg` or `webp`.", "png")
})

const tokenDetails = object("ImageTokenDetails", "Tokens of the request by kind.", () => ({
  text_tokens: count("Of text.", 10),
  image_tokens: count("Of images.", 40)
}))

const usage = object("ImageEventUsage", "What the vendor counted, in tokens.", () => ({
  total_tokens: count("Of request and image.", 1106),
  input_tokens: count("Of texts and images of the request.", 50),
  output_tokens: count("Of the image.", 1056),
  input_tokens_details: given(tokenDetails(), "Those of the request by kind.")
}))

const partial = object("PartialImageEvent", "An unfinished image.", () => ({
  type: is("image_generation.partial_image", "image_edit.partial_image"),
  ...image(),
  partial_image_index: count("Which unfinished image it is, from 0.", 0)
}))

const completed = object("CompletedImageEvent", "The image is finished.", () => ({
  type: is("image_generation.completed", "image_edit.completed"),
  ...image(),
  usage: given(usage(), "What the vendor counted.")
}))

export const imageEvent = variants("ImageEvent", "An event of a stream of images.", () => [partial(), completed()])
