/** The parts of messages and results of Responses. */
import { Schema } from "effect"
import { among, either, given, is, list, maybe, maybeNull, object, variants } from "../../DescribedFields.ts"

const text = (description: string) => given(Schema.String, description, "It is raining in Oslo.")

const detail = () =>
  maybeNull(
    among("low", "high", "auto", "original"),
    "How closely the image is examined: more detail, more tokens. Default auto.",
    "low"
  )
const imageUrl = () =>
  maybeNull(
    Schema.String,
    "Where the image is: an address, or its bytes as a `data:` address in base64.",
    "https://example.org/map.png"
  )
const fileId = () => maybeNull(Schema.String, "An uploaded file, in place of its content.", "file-6f0a1c")

export const inputText = object("ResponseInputText", "Text that is said to the model.", () => ({
  type: is("input_text"),
  text: given(Schema.String, "The text.", "What is the weather in Oslo?")
}))

export const inputImage = object("ResponseInputImage", "An image that the model is to see.", () => ({
  type: is("input_image"),
  image_url: imageUrl(),
  file_id: fileId(),
  detail: detail()
}))

export const inputFile = object("ResponseInputFile", "A file that the model is to read.", () => ({
  type: is("input_file"),
  file_id: fileId(),
  filename: maybeNull(Schema.String, "The file's name; its ending says the type.", "report.pdf"),
  file_data: maybeNull(
    Schema.String,
    "The bytes, as a `data:` address in base64.",
    "data:application/pdf;base64,JVBERi0x"
  ),
  file_url: maybeNull(Schema.String, "Where the file is to be fetched.", "https://example.org/report.pdf")
}))

const inputVideo = object(
  "ResponseInputVideo",
  "A video that the model is to see, where the vendor takes videos.",
  () => ({
    type: is("input_video"),
    video_url: given(Schema.String, "Where the video is, an address or `data:` address.", "https://example.org/v.mp4")
  })
)

export const inputPart = variants(
  "ResponseInputPart",
  "What a client says, or a tool gives back: text, image, file.",
  () => [
    inputText(),
    inputImage(),
    inputFile(),
    inputVideo()
  ]
)

const fileCitation = object("ResponseFileCitation", "The text rests on a file.", () => ({
  type: is("file_citation"),
  file_id: given(Schema.String, "The file.", "file-6f0a1c"),
  index: given(Schema.Int, "Its place in the list of files, from 0.", 0),
  filename: maybe(Schema.String, "The file's name.", "report.pdf")
}))

const start = () => given(Schema.Int, "Where in the text it begins: characters, from 0.", 0)
const end = () => given(Schema.Int, "Where in the text it ends: characters, from 0.", 21)

const urlCitation = object("ResponseUrlCitation", "The text rests on a page of the web.", () => ({
  type: is("url_citation"),
  url: given(Schema.String, "The page.", "https://example.org/weather"),
  title: given(Schema.String, "The page's title.", "Weather in Oslo"),
  start_index: start(),
  end_index: end()
}))

const containerFileCitation = object(
  "ResponseContainerFileCitation",
  "The text names a file that code has made.",
  () => ({
    type: is("container_file_citation"),
    container_id: given(Schema.String, "The container it stands in.", "cntr_6f0a1c"),
    file_id: given(Schema.String, "The file.", "cfile_6f0a1c"),
    filename: given(Schema.String, "The file's name.", "plot.png"),
    start_index: start(),
    end_index: end()
  })
)

const filePath = object("ResponseFilePath", "A file that the answer gives.", () => ({
  type: is("file_path"),
  file_id: given(Schema.String, "The file.", "file-6f0a1c"),
  index: given(Schema.Int, "Its place in the list of files, from 0.", 0)
}))

export const annotation = variants("ResponseAnnotation", "What a text rests on.", () => [
  fileCitation(),
  urlCitation(),
  containerFileCitation(),
  filePath()
])

const token = () => ({
  token: given(Schema.String, "The token.", "Oslo"),
  logprob: given(Schema.Finite, "The natural logarithm of its probability.", -0.02),
  bytes: maybe(list(Schema.Int), "Its bytes in UTF-8.", [79, 115, 108, 111])
})

export const otherToken = object("ResponseTopLogprob", "A token that could have stood there.", token)

export const logprob = object("ResponseLogprob", "How likely a token was.", () => ({
  ...token(),
  top_logprobs: maybe(list(otherToken()), "The likeliest tokens of this place, as many as were asked for.")
}))

export const outputText = object("ResponseOutputText", "Text that a model has written.", () => ({
  type: is("output_text"),
  text: text("The text."),
  annotations: maybe(list(annotation()), "What it rests on; in an answer always there."),
  logprobs: maybe(
    list(logprob()),
    "How likely each token was; filled where `include` names `message.output_text.logprobs`."
  )
}))

export const refusal = object("ResponseRefusal", "The model does not answer, and says why.", () => ({
  type: is("refusal"),
  refusal: given(Schema.String, "What it says.", "I can't help with that.")
}))

export const reasoningText = object("ResponseReasoningText", "What a model thought.", () => ({
  type: is("reasoning_text"),
  text: text("The thought.")
}))

export const summaryText = object("ResponseSummaryText", "What a model thought, in short.", () => ({
  type: is("summary_text"),
  text: text("The summary.")
}))

const plainText = object("ResponsePlainText", "Text of nobody in particular.", () => ({
  type: is("text"),
  text: text("The text.")
}))

export const screenshot = object("ResponseScreenshot", "What is on a computer's screen.", () => ({
  type: is("computer_screenshot"),
  image_url: imageUrl(),
  file_id: fileId(),
  detail: detail()
}))

export const messagePart = variants("ResponseMessagePart", "A part of a message, whoever says it.", () => [
  inputText(),
  inputImage(),
  inputFile(),
  inputVideo(),
  outputText(),
  refusal(),
  reasoningText(),
  summaryText(),
  plainText(),
  screenshot()
])

/** What a tool gives back. */
export const toolOutput = () =>
  given(
    either(Schema.String, list(inputPart())),
    "What the tool gave back: a text (JSON, where it is more than a sentence), or parts.",
    "{\"celsius\": 7}"
  )
