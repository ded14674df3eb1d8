/** The blocks of messages in Anthropic's dialect that clients and models say. */
import { Schema } from "effect"
import {
  among,
  dictionary,
  either,
  given,
  givenOrNull,
  is,
  list,
  maybe,
  maybeNull,
  object,
  variants
} from "../../DescribedFields.ts"

const cache = object("AnthropicCacheControl", "The vendor keeps everything up to here in its cache.", () => ({
  type: is("ephemeral"),
  ttl: maybe(among("5m", "1h"), "How long: minutes or an hour. Default 5m.", "5m")
}))

/** What may stand at a block, a tool, or the whole request. */
export const cacheControl = () => ({
  cache_control: maybeNull(cache(), "Everything up to here goes into the vendor's cache.", { type: "ephemeral" })
})

const cited = (fields: () => Readonly<Record<string, Schema.Codec<unknown>>>) => () => ({
  cited_text: given(Schema.String, "What the document says there. It counts as no tokens.", "It rains often."),
  ...fields()
})

const inDocument = (fields: () => Readonly<Record<string, Schema.Codec<unknown>>>) => () => ({
  ...cited(fields)(),
  document_index: given(Schema.Int, "Which document of the request, from 0.", 0),
  document_title: givenOrNull(Schema.String, "Its title.", "Weather of Oslo"),
  file_id: maybeNull(Schema.String, "The file it was given as.", "file_6f0a1c")
})

const place = (description: string, example: number) => given(Schema.Int, description, example)

const citation = variants("AnthropicCitation", "What a text rests on.", () => [
  object(
    "AnthropicCharacterCitation",
    "A passage of a text.",
    inDocument(() => ({
      type: is("char_location"),
      start_char_index: place("Its first character, from 0.", 0),
      end_char_index: place("The character behind its last, from 0.", 15)
    }))
  )(),
  object(
    "AnthropicPageCitation",
    "Pages of a PDF.",
    inDocument(() => ({
      type: is("page_location"),
      start_page_number: place("The first page, from 1.", 1),
      end_page_number: place("The page behind the last, from 1.", 2)
    }))
  )(),
  object(
    "AnthropicBlockCitation",
    "Blocks of a document.",
    inDocument(() => ({
      type: is("content_block_location"),
      start_block_index: place("The first block, from 0.", 0),
      end_block_index: place("The block behind the last, from 0.", 1)
    }))
  )(),
  object(
    "AnthropicWebCitation",
    "A page of the web.",
    cited(() => ({
      type: is("web_search_result_location"),
      url: given(Schema.String, "The page.", "https://example.org/weather"),
      title: givenOrNull(Schema.String, "Its title.", "Weather in Oslo"),
      encrypted_index: given(Schema.String, "The place, sealed. Send it back as it came.", "Eo8BCio")
    }))
  )(),
  object(
    "AnthropicSearchResultCitation",
    "A search result of the request.",
    cited(() => ({
      type: is("search_result_location"),
      source: given(Schema.String, "Where it is from.", "https://example.org/weather"),
      title: givenOrNull(Schema.String, "Its title.", "Weather in Oslo"),
      search_result_index: place("Which search result of the request, from 0.", 0),
      start_block_index: place("The first block, from 0.", 0),
      end_block_index: place("The block behind the last, from 0.", 1)
    }))
  )()
])

export const text = object("AnthropicText", "Text.", () => ({
  type: is("text"),
  text: given(Schema.String, "The text.", "What is the weather in Oslo?"),
  citations: maybeNull(list(citation()), "What it rests on."),
  ...cacheControl()
}))

const address = (identifier: string, of: string) =>
  object(identifier, `${of} at an address.`, () => ({
    type: is("url"),
    url: given(Schema.String, "The address.", "https://example.org/map.png")
  }))

const bytes = (identifier: string, of: string, ...types: ReadonlyArray<string>) =>
  object(identifier, `${of} itself.`, () => ({
    type: is("base64"),
    media_type: given(among(...types), "What it is.", types[0]),
    data: given(Schema.String, "Its bytes in base64.", "iVBORw0KGgo=")
  }))

const fileSource = object("AnthropicFileSource", "An uploaded file.", () => ({
  type: is("file"),
  file_id: given(Schema.String, "The file.", "file-6f0a1c")
}))

export const image = object("AnthropicImage", "An image that the model is to see.", () => ({
  type: is("image"),
  source: given(
    either(
      bytes("AnthropicImageBytes", "The image", "image/jpeg", "image/png", "image/gif", "image/webp")(),
      address("AnthropicImageAddress", "The image")(),
      fileSource()
    ),
    "Where it is."
  ),
  ...cacheControl()
}))

const citationsSetting = object("AnthropicCitations", "Whether answers cite it.", () => ({
  enabled: maybe(Schema.Boolean, "true: they do. Default false.", true)
}))

const citations = () => maybeNull(citationsSetting(), "Whether answers cite it.")

export const document = object("AnthropicDocument", "A document that the model is to read.", () => ({
  type: is("document"),
  source: given(
    either(
      bytes("AnthropicPdfBytes", "The PDF", "application/pdf")(),
      object("AnthropicPlainText", "A text.", () => ({
        type: is("text"),
        media_type: is("text/plain"),
        data: given(Schema.String, "The text.", "It rains often in Oslo.")
      }))(),
      object("AnthropicContentSource", "Blocks.", () => ({
        type: is("content"),
        content: given(either(Schema.String, list(either(text(), image()))), "A text, or blocks.", "It rains often.")
      }))(),
      address("AnthropicPdfAddress", "The PDF")(),
      fileSource()
    ),
    "Where it is."
  ),
  title: maybeNull(Schema.String, "Its title, up to 500 characters.", "Weather of Oslo"),
  context: maybeNull(Schema.String, "What else is to be known of it; it is not cited.", "Written in 2026."),
  citations: citations(),
  ...cacheControl()
}))

export const searchResult = object("AnthropicSearchResult", "A result of the client's own search.", () => ({
  type: is("search_result"),
  source: given(Schema.String, "Where it is from.", "https://example.org/weather"),
  title: given(Schema.String, "Its title.", "Weather in Oslo"),
  content: given(list(text()), "What it says."),
  citations: citations(),
  ...cacheControl()
}))

export const thinking = object("AnthropicThinking", "What a model thought before it answered.", () => ({
  type: is("thinking"),
  thinking: given(Schema.String, "The thought; empty where the request omits it.", "Where is Oslo?"),
  signature: maybe(Schema.String, "The vendor's seal. Send it back as it came.", "EqQBCgIYAhIM")
}))

export const redactedThinking = object("AnthropicRedactedThinking", "A thought that the vendor does not give.", () => ({
  type: is("redacted_thinking"),
  data: given(Schema.String, "The thought, sealed. Send it back as it came.", "EmwKAhgBEgy3")
}))

const callers = variants("AnthropicCaller", "Who calls a tool.", () => [
  object("AnthropicDirectCaller", "The model.", () => ({ type: is("direct") }))(),
  object("AnthropicCodeCaller", "Code that the model runs.", () => ({
    type: is("code_execution_20250825", "code_execution_20260120"),
    tool_id: given(Schema.String, "The call that runs the code.", "srvtoolu_6f0a1c")
  }))()
])

export const caller = () => maybe(callers(), "Who calls it: the model, or code that it runs.")

export const toolUse = object("AnthropicToolUse", "The model calls a tool of the client.", () => ({
  type: is("tool_use"),
  id: given(Schema.String, "The call's id: its result names it.", "toolu_6f0a1c"),
  name: given(Schema.String, "The tool's name.", "get_weather"),
  input: given(dictionary(Schema.Json), "What it is called with.", { city: "Oslo" }),
  caller: caller(),
  ...cacheControl()
}))

export const toolReference = object("AnthropicToolReference", "A tool by its name.", () => ({
  type: is("tool_reference"),
  tool_name: given(Schema.String, "The tool, up to 256 characters.", "get_weather"),
  ...cacheControl()
}))

export const toolResult = object("AnthropicToolResult", "What a tool gave back.", () => ({
  type: is("tool_result"),
  tool_use_id: given(Schema.String, "The call that it answers.", "toolu_6f0a1c"),
  content: maybe(
    either(Schema.String, list(either(text(), image(), searchResult(), document(), toolReference()))),
    "A text, or blocks. Absent: nothing.",
    "{\"celsius\": 7}"
  ),
  is_error: maybe(Schema.Boolean, "true: the tool failed, and the content says why. Default false.", false),
  ...cacheControl()
}))

export const containerUpload = object(
  "AnthropicContainerUpload",
  "A file that is to lie in the vendor's container.",
  () => ({
    type: is("container_upload"),
    file_id: given(Schema.String, "The file.", "file_6f0a1c"),
    ...cacheControl()
  })
)
