/** The messages of chat completions. */
import { Schema } from "effect"
import { among, either, given, is, list, maybe, maybeNull, object, variants } from "../../DescribedFields.ts"

export const textPart = object("ChatTextPart", "Text.", () => ({
  type: is("text"),
  text: given(Schema.String, "The text.", "What is the weather in Oslo?")
}))

const imagePart = object("ChatImagePart", "An image that the model is to see.", () => ({
  type: is("image_url"),
  image_url: given(
    object("ChatImage", "Where the image is.", () => ({
      url: given(
        Schema.String,
        "An address, or the bytes as a `data:` address in base64.",
        "https://example.org/map.png"
      ),
      detail: maybe(
        among("auto", "low", "high"),
        "How closely it is examined: more detail, more tokens. Default auto.",
        "low"
      )
    }))(),
    "Where the image is."
  )
}))

const audioPart = object("ChatAudioPart", "Audio that the model is to hear.", () => ({
  type: is("input_audio"),
  input_audio: given(
    object("ChatInputAudio", "The audio.", () => ({
      data: given(Schema.String, "Its bytes in base64.", "UklGRg=="),
      format: given(among("wav", "mp3"), "Its format.", "wav")
    }))(),
    "The audio."
  )
}))

const filePart = object("ChatFilePart", "A file that the model is to read.", () => ({
  type: is("file"),
  file: given(
    object("ChatFile", "The file: its bytes, or its id.", () => ({
      filename: maybe(Schema.String, "Its name.", "report.pdf"),
      file_data: maybe(
        Schema.String,
        "Its bytes, as a `data:` address in base64.",
        "data:application/pdf;base64,JVBERi0x"
      ),
      file_id: maybe(Schema.String, "An uploaded file.", "file-6f0a1c")
    }))(),
    "The file: its bytes, or its id."
  )
}))

const refusalPart = object("ChatRefusalPart", "The model does not answer, and says why.", () => ({
  type: is("refusal"),
  refusal: given(Schema.String, "What it says.", "I can't help with that.")
}))

const userPart = variants("ChatUserPart", "A part of what a user says.", () => [
  textPart(),
  imagePart(),
  audioPart(),
  filePart()
])

const namedCall = () => ({
  name: given(Schema.String, "The function's name.", "get_weather"),
  arguments: given(Schema.String, "The arguments as the model wrote them, JSON.", "{\"city\":\"Oslo\"}")
})

const functionCall = object("ChatFunctionCall", "The model calls a function of the client.", () => ({
  id: given(Schema.String, "The call's id: the message of its result names it.", "call_6f0a1c"),
  type: is("function"),
  function: given(object("ChatCalledFunction", "The function.", namedCall)(), "The function.")
}))

const customCall = object("ChatCustomToolCall", "The model calls a tool that takes text.", () => ({
  id: given(Schema.String, "The call's id: the message of its result names it.", "call_6f0a1c"),
  type: is("custom"),
  custom: given(
    object("ChatCalledTool", "The tool.", () => ({
      name: given(Schema.String, "The tool's name.", "run_query"),
      input: given(Schema.String, "What it is called with.", "SELECT 1")
    }))(),
    "The tool."
  )
}))

const earlierCall = object("ChatEarlierFunctionCall", "A call in the form from before `tool_calls`.", namedCall)

/** What a model says, also when it is sent back. */
const spokenFields = () => ({
  refusal: maybeNull(Schema.String, "Where it does not answer: why.", "I can't help with that."),
  tool_calls: maybeNull(list(either(functionCall(), customCall())), "The calls of tools that it asks for."),
  function_call: maybeNull(earlierCall(), "Superseded by `tool_calls`."),
  reasoning_content: maybeNull(
    Schema.String,
    "What it thought before, where the vendor gives it. Some vendors want it back.",
    "First, where is Oslo?"
  ),
  reasoning: maybeNull(Schema.String, "The same, as other vendors name it.", "First, where is Oslo?")
})

const name = () => maybe(Schema.String, "Who of several it is.", "ada")

const ruling = object("ChatDeveloperMessage", "What the model is to keep to.", () => ({
  role: is("developer", "system"),
  content: given(either(Schema.String, list(textPart())), "A text, or parts of text.", "Be brief."),
  name: name()
}))

const user = object("ChatUserMessage", "What a user says.", () => ({
  role: is("user"),
  content: given(either(Schema.String, list(userPart())), "A text, or parts.", "What is the weather in Oslo?"),
  name: name()
}))

const assistant = object("ChatAssistantMessage", "What a model said before.", () => ({
  role: is("assistant"),
  content: maybeNull(
    either(Schema.String, list(either(textPart(), refusalPart()))),
    "A text, or parts. It may be left out where there are calls.",
    "It is raining."
  ),
  ...spokenFields(),
  audio: maybeNull(
    object("ChatEarlierAudio", "Audio of an earlier answer.", () => ({
      id: given(Schema.String, "The audio's id.", "audio_6f0a1c")
    }))(),
    "What it said aloud, by the audio's id."
  ),
  name: name()
}))

const tool = object("ChatToolMessage", "What a tool gave back.", () => ({
  role: is("tool"),
  content: given(either(Schema.String, list(userPart())), "The result: a text, or parts.", "{\"celsius\": 7}"),
  tool_call_id: given(Schema.String, "The call that it answers.", "call_6f0a1c")
}))

const functionResult = object("ChatFunctionMessage", "A result in the form from before `tool`.", () => ({
  role: is("function"),
  content: maybeNull(Schema.String, "The result.", "{\"celsius\": 7}"),
  name: given(Schema.String, "The function.", "get_weather")
}))

export const message = variants("ChatMessage", "A message of the conversation.", () => [
  ruling(),
  user(),
  assistant(),
  tool(),
  functionResult()
])

const webAnnotation = object("ChatAnnotation", "What the text rests on.", () => ({
  type: is("url_citation"),
  url_citation: given(
    object("ChatUrlCitation", "A page of the web.", () => ({
      url: given(Schema.String, "The page.", "https://example.org/weather"),
      title: given(Schema.String, "The page's title.", "Weather in Oslo"),
      start_index: given(Schema.Int, "Where in the text it begins: characters, from 0.", 0),
      end_index: given(Schema.Int, "Where in the text it ends: characters, from 0.", 14)
    }))(),
    "The page."
  )
}))

const audio = object("ChatAudio", "What the model says aloud.", () => ({
  id: given(Schema.String, "Its id: send it back in place of the bytes.", "audio_6f0a1c"),
  expires_at: given(Schema.Int, "Until when the id can be sent back: seconds since 1970.", 1764003600),
  data: given(Schema.String, "Its bytes in base64, in the format that was asked for.", "UklGRg=="),
  transcript: given(Schema.String, "What it says.", "It is raining.")
}))

/** The fields of a message that a model answers. */
export const answerFields = () => ({
  role: given(Schema.String, "`assistant`.", "assistant"),
  content: maybeNull(Schema.String, "The text; null where there are only calls.", "It is raining."),
  ...spokenFields(),
  annotations: maybeNull(list(webAnnotation()), "What the text rests on, where the vendor searched."),
  audio: maybeNull(audio(), "What it says aloud, where `modalities` asked for audio.")
})

export const answer = object("ChatAnswer", "The message that a model answers.", answerFields)

/** A message that is kept, as it is listed. */
export const storedMessage = object("ChatStoredMessage", "A message of a kept request.", () => ({
  ...answerFields(),
  id: given(Schema.String, "The message's id.", "chatcmpl-6f0a1c-0"),
  role: given(Schema.String, "Who speaks.", "user"),
  name: maybe(Schema.String, "Who of several it is.", "ada"),
  tool_call_id: maybeNull(Schema.String, "Of a tool's message: the call that it answers.", "call_6f0a1c"),
  content_parts: maybeNull(list(userPart()), "Its parts, where it was sent in parts.")
}))
