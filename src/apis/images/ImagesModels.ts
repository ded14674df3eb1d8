/** Images as OpenAI's dialect writes them: what is declared is described, the rest passes. */
import { Schema } from "effect"
import { nullable, openStruct } from "../../events/types/OpenSchema.ts"

const model = (example: string, usual: string) =>
  nullable(Schema.String).annotate({
    description: `\`provider_id/model_id\`, as \`GET /v1/models\` lists it. Default ${usual}.`,
    examples: [example]
  })

/** Of JSON, and of forms, which write all of it as text. */
const settings = <Text extends Schema.Top, Count extends Schema.Top, Flag extends Schema.Top>(
  { count, flag, text }: { readonly text: Text; readonly count: Count; readonly flag: Flag }
) => ({
  n: count.annotate({ description: "How many, from 1 to 10. Default 1." }),
  size: text.annotate({ description: "`1024x1024`, `1536x1024`, `1024x1536`, `auto` … Default auto." }),
  quality: text.annotate({ description: "`low`, `medium`, `high`, `auto`, `standard` or `hd`. Default auto." }),
  response_format: text.annotate({
    description: "Of dall-e-2 and dall-e-3: `url` or `b64_json`. Default url; others always give b64_json."
  }),
  output_format: text.annotate({ description: "`png`, `jpeg` or `webp`. Default png." }),
  output_compression: count.annotate({ description: "Of jpeg and webp: from 0 to 100. Default 100." }),
  background: text.annotate({ description: "`transparent`, `opaque` or `auto`. Default auto." }),
  stream: flag.annotate({ description: "true: answer with server-sent events. Default false." }),
  partial_images: count.annotate({ description: "Of a stream: how many unfinished images, from 0 to 3. Default 0." }),
  user: text.annotate({ description: "Who asks, as the client calls them." })
})

const json = settings({
  text: nullable(Schema.String),
  count: nullable(Schema.Union([Schema.Finite, Schema.String])),
  flag: nullable(Schema.Union([Schema.Boolean, Schema.String]))
})

const formText = Schema.optionalKey(Schema.String)
const form = settings({
  text: formText,
  count: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite])),
  flag: Schema.optionalKey(Schema.Union([Schema.String, Schema.Boolean]))
})

const prompt = Schema.String.annotate({ description: "What is to be seen.", examples: ["A cold day in Oslo."] })

export const CreateImageRequest = openStruct({
  prompt: Schema.optionalKey(prompt),
  model: model("openai/gpt-image-1", "dall-e-2"),
  ...json,
  moderation: nullable(Schema.String).annotate({ description: "`low` or `auto`. Default auto.", examples: ["auto"] }),
  style: nullable(Schema.String).annotate({
    description: "Of dall-e-3: `vivid` or `natural`. Default vivid.",
    examples: ["natural"]
  })
}).annotate({
  identifier: "CreateImageRequest",
  description: "Asks for images, in OpenAI's dialect. Fields beyond these reach the vendor unchanged."
})

const fidelity = "How closely the images that come with it are kept to: `high` or `low`. Default low."

const ImageReference = openStruct({
  image_url: nullable(Schema.String).annotate({
    description: "Where the image is, or the image itself as a data URL.",
    examples: ["https://example.com/image.png"]
  }),
  file_id: nullable(Schema.String).annotate({
    description: "A file that the vendor keeps.",
    examples: ["file-0f1e2d"]
  })
}).annotate({ identifier: "ImageReference" })

export const CreateImageEditRequest = openStruct({
  prompt: Schema.optionalKey(prompt),
  model: model("openai/gpt-image-1", "gpt-image-1.5"),
  ...json,
  images: nullable(Schema.Array(ImageReference)).annotate({ description: "What is to be changed: at most 16." }),
  mask: nullable(ImageReference).annotate({ description: "Where it is transparent, the first image is changed." }),
  input_fidelity: nullable(Schema.String).annotate({ description: fidelity, examples: ["low"] }),
  moderation: nullable(Schema.String).annotate({ description: "`low` or `auto`. Default auto.", examples: ["auto"] })
}).annotate({
  identifier: "CreateImageEditRequest",
  description: "Asks for images made of others, by where these are. Fields beyond these reach the vendor unchanged."
})

const file = (description: string) => Schema.Uint8Array.annotate({ description })

export const ImageEditForm = Schema.Struct({
  image: Schema.Union([file("An image, with its name."), Schema.Array(file("An image, with its name."))]).annotate({
    description: "What is to be changed: one, or at most 16 as `image[]`."
  }),
  prompt,
  mask: Schema.optionalKey(file("Where it is transparent, the first image is changed.")),
  model: Schema.optionalKey(Schema.String).annotate({
    description: "`provider_id/model_id`, as `GET /v1/models` lists it. Default gpt-image-1.5.",
    examples: ["openai/gpt-image-1"]
  }),
  ...form,
  input_fidelity: formText.annotate({ description: fidelity, examples: ["low"] })
}).annotate({
  identifier: "CreateImageEditForm",
  description: "A form with images, in OpenAI's dialect. Fields beyond these reach the vendor unchanged."
})

export const ImageVariationForm = Schema.Struct({
  image: file("A square PNG, with its name."),
  model: Schema.optionalKey(Schema.String).annotate({
    description: "`provider_id/model_id`, as `GET /v1/models` lists it. Default dall-e-2.",
    examples: ["openai/dall-e-2"]
  }),
  n: form.n,
  size: form.size,
  response_format: form.response_format,
  user: form.user
}).annotate({
  identifier: "CreateImageVariationForm",
  description: "A form with an image, in OpenAI's dialect. Fields beyond these reach the vendor unchanged."
})

const ImageUsage = openStruct({
  input_tokens: nullable(Schema.Int).annotate({ description: "Of texts and images of the request.", examples: [50] }),
  output_tokens: nullable(Schema.Int).annotate({ description: "Of the images.", examples: [1056] }),
  total_tokens: nullable(Schema.Int).annotate({ description: "Of both.", examples: [1106] }),
  input_tokens_details: nullable(Schema.Json).annotate({
    description: "Those of the request by kind.",
    examples: [{ text_tokens: 10, image_tokens: 40 }]
  })
}).annotate({ identifier: "ImageUsage", description: "What the vendor counted." })

const b64_json = nullable(Schema.String).annotate({ description: "The image, in base64.", examples: ["iVBORw0KGgo="] })

export const Image = openStruct({
  b64_json,
  url: nullable(Schema.String).annotate({
    description: "Where the vendor keeps it, for an hour.",
    examples: ["https://example.com/image.png"]
  }),
  revised_prompt: nullable(Schema.String).annotate({
    description: "Of dall-e-3: the prompt as the vendor rewrote it.",
    examples: ["A cold winter day in Oslo."]
  })
}).annotate({ identifier: "Image" })

export const ImagesResponse = openStruct({
  created: Schema.Int.annotate({ description: "Seconds since 1970.", examples: [1764000000] }),
  data: nullable(Schema.Array(Image)).annotate({ description: "The images." }),
  background: nullable(Schema.String).annotate({ description: "`transparent` or `opaque`.", examples: ["opaque"] }),
  output_format: nullable(Schema.String).annotate({ description: "`png`, `jpeg` or `webp`.", examples: ["png"] }),
  quality: nullable(Schema.String).annotate({ description: "`low`, `medium` or `high`.", examples: ["high"] }),
  size: nullable(Schema.String).annotate({ description: "Width and height, pixels.", examples: ["1024x1024"] }),
  usage: nullable(ImageUsage)
}).annotate({ identifier: "ImagesResponse", description: "The vendor's answer, unchanged." })

export const ImageFrame = Schema.Struct({
  event: Schema.tag("message"),
  data: Schema.Union([
    Schema.fromJsonString(openStruct({
      type: Schema.String.annotate({
        description: "`image_generation.partial_image`, `image_generation.completed`, and the same of `image_edit`.",
        examples: ["image_generation.completed"]
      }),
      b64_json,
      partial_image_index: nullable(Schema.Int).annotate({
        description: "Which unfinished image it is, from 0.",
        examples: [0]
      }),
      usage: nullable(ImageUsage)
    })),
    Schema.Literal("[DONE]")
  ])
}).annotate({ identifier: "ImageFrame" })
