/** The contents of interactions: what is said, thought, called and given back. In the earlier form all stand in one list. */
import { Schema } from "effect"
import {
  among,
  type Described,
  dictionary,
  either,
  given,
  is,
  list,
  maybe,
  maybeNull,
  object,
  variants
} from "../../DescribedFields.ts"

const range = () => ({
  start_index: maybe(Schema.Int, "Where in the text it begins: bytes, from 0.", 0),
  end_index: maybe(Schema.Int, "Where in the text it ends: bytes, from 0.", 14)
})

const review = object("InteractionReview", "What somebody wrote of a place.", () => ({
  title: maybe(Schema.String, "Its title.", "A fine café"),
  url: maybe(Schema.String, "Where it stands.", "https://example.org/review"),
  review_id: maybe(Schema.String, "Its id.", "rev_6f0a1c")
}))

const placeFields = () => ({
  place_id: maybe(Schema.String, "The place's id.", "ChIJOfBn8mFuQUYRmh4j019gkn4"),
  name: maybe(Schema.String, "Its name.", "Oslo"),
  url: maybe(Schema.String, "Where it is described.", "https://example.org/oslo"),
  review_snippets: maybe(list(review()), "What was written of it.")
})

export const annotation = variants("InteractionAnnotation", "What a text rests on.", () => [
  object("InteractionUrlCitation", "A page of the web.", () => ({
    type: is("url_citation"),
    url: maybe(Schema.String, "The page.", "https://example.org/weather"),
    title: maybe(Schema.String, "Its title.", "Weather in Oslo"),
    ...range()
  }))(),
  object("InteractionFileCitation", "A file.", () => ({
    type: is("file_citation"),
    document_uri: maybe(Schema.String, "Where it lies.", "fileSearchStores/weather"),
    file_name: maybe(Schema.String, "Its name.", "report.pdf"),
    source: maybe(Schema.String, "The passage.", "It rains often."),
    ...range()
  }))(),
  object("InteractionPlaceCitation", "A place.", () => ({ type: is("place_citation"), ...placeFields(), ...range() }))()
])

const signature = () => ({
  signature: maybe(Schema.String, "The vendor's seal. Send it back as it came.", "CiRlMjQ4")
})

export const text = object("InteractionText", "Text.", () => ({
  type: is("text"),
  text: maybe(Schema.String, "The text.", "What is the weather in Oslo?"),
  annotations: maybe(list(annotation()), "What it rests on."),
  ...signature()
}))

const media = (
  identifier: string,
  description: string,
  [type, ...types]: readonly [type: string, ...types: ReadonlyArray<string>],
  fields: () => Readonly<Record<string, Schema.Struct.Fields[string]>> = () => ({})
): Described =>
  object(identifier, description, () => ({
    type: is(type),
    data: maybe(Schema.String, "Its bytes in base64.", "iVBORw0KGgo="),
    uri: maybe(Schema.String, "Where it is, in place of its bytes.", "https://example.org/map.png"),
    mime_type: maybe(among(...types.map((name) => name.includes("/") ? name : `${type}/${name}`)), "What it is."),
    ...fields(),
    ...signature()
  }))

const resolution = () => ({
  resolution: maybe(
    among("low", "medium", "high", "ultra_high"),
    "How closely it is examined: more detail, more tokens.",
    "low"
  )
})

export const image = media(
  "InteractionImage",
  "An image.",
  ["image", "png", "jpeg", "webp", "heic", "heif", "gif", "bmp", "tiff"],
  resolution
)

const audio = media(
  "InteractionAudio",
  "Audio.",
  ["audio", "wav", "mp3", "aiff", "aac", "ogg", "flac", "mpeg", "m4a", "l16"],
  () => ({
    rate: maybe(Schema.Int, "Samples a second.", 24000),
    channels: maybe(Schema.Int, "How many channels.", 1)
  })
)

const document = media("InteractionDocument", "A document.", ["document", "application/pdf"])

const video = media(
  "InteractionVideo",
  "A video.",
  ["video", "mp4", "mpeg", "mpg", "mov", "avi", "x-flv", "webm", "wmv", "3gpp"],
  resolution
)

/** What is said. */
export const spoken = () => [text(), image(), audio(), document(), video()]

const textOrImage = () => either(text(), image())

const thought = object("InteractionThought", "What the model thought.", () => ({
  type: is("thought"),
  summary: maybe(list(textOrImage()), "In short, where summaries were asked for."),
  ...signature()
}))

const call = (
  identifier: string,
  description: string,
  type: string,
  fields: () => Readonly<Record<string, Schema.Struct.Fields[string]>> = () => ({})
): Described =>
  object(identifier, description, () => ({
    type: is(type),
    id: given(Schema.String, "The call's id: its result names it.", "o5slgqcy"),
    ...fields(),
    ...signature()
  }))

const result = (
  identifier: string,
  description: string,
  type: string,
  fields: () => Readonly<Record<string, Schema.Struct.Fields[string]>>
): Described =>
  object(identifier, description, () => ({
    type: is(type),
    call_id: given(Schema.String, "The call that it answers.", "o5slgqcy"),
    ...fields(),
    ...signature()
  }))

const failed = () => ({
  is_error: maybe(Schema.Boolean, "true: it failed, and the result says why. Default false.", false)
})

const toolResult = () => ({
  result: given(
    either(Schema.String, list(textOrImage()), dictionary(Schema.Json)),
    "A text, an object, or texts and images.",
    { celsius: 7 }
  )
})

const queries = (identifier: string) =>
  object(identifier, "What it searches for.", () => ({
    queries: maybe(list(Schema.String), "What it searches for.", ["weather in Oslo"])
  }))

const input = () => given(dictionary(Schema.Json), "What it is called with.", { city: "Oslo" })

/** Calls of tools, and what they gave. */
const acts = () => [
  call("InteractionFunctionCall", "The model calls a function of the client.", "function_call", () => ({
    name: given(Schema.String, "The function's name.", "get_weather"),
    arguments: input()
  }))(),
  result("InteractionFunctionResult", "What a function gave back.", "function_result", () => ({
    name: maybe(Schema.String, "The function's name.", "get_weather"),
    ...failed(),
    ...toolResult()
  }))(),
  call("InteractionMcpCall", "The model calls a tool of an MCP server.", "mcp_server_tool_call", () => ({
    name: given(Schema.String, "The tool's name.", "get_forecast"),
    server_name: given(Schema.String, "The server.", "weather"),
    arguments: input()
  }))(),
  result("InteractionMcpResult", "What such a tool gave back.", "mcp_server_tool_result", () => ({
    name: maybe(Schema.String, "The tool's name.", "get_forecast"),
    server_name: maybe(Schema.String, "The server.", "weather"),
    ...toolResult()
  }))(),
  call("InteractionCodeCall", "The model runs code.", "code_execution_call", () => ({
    arguments: given(
      object("InteractionCode", "The code.", () => ({
        language: maybe(Schema.String, "`python`.", "python"),
        code: maybe(Schema.String, "The code.", "print(6 * 7)")
      }))(),
      "The code."
    )
  }))(),
  result("InteractionCodeResult", "What the code gave.", "code_execution_result", () => ({
    result: given(Schema.String, "What it put out.", "42\n"),
    ...failed()
  }))(),
  call("InteractionUrlCall", "The model reads pages.", "url_context_call", () => ({
    arguments: given(
      object("InteractionUrls", "The pages.", () => ({
        urls: maybe(list(Schema.String), "Their addresses.", ["https://example.org/weather"])
      }))(),
      "The pages."
    )
  }))(),
  result("InteractionUrlResult", "Whether it could read them.", "url_context_result", () => ({
    result: given(
      list(
        object("InteractionReadUrl", "A page.", () => ({
          url: maybe(Schema.String, "Its address.", "https://example.org/weather"),
          status: maybe(among("success", "error", "paywall", "unsafe"), "Whether it could be read.", "success")
        }))()
      ),
      "Each of them."
    ),
    ...failed()
  }))(),
  call("InteractionSearchCall", "The model searches the web.", "google_search_call", () => ({
    arguments: given(queries("InteractionSearchQueries")(), "What for."),
    search_type: maybe(among("web_search", "image_search", "enterprise_web_search"), "Where.", "web_search")
  }))(),
  result("InteractionSearchResult", "What the search gave.", "google_search_result", () => ({
    result: given(
      list(
        object("InteractionSearchSuggestions", "Of one search.", () => ({
          search_suggestions: maybe(
            Schema.String,
            "HTML with searches that go on from it: show it to the user.",
            "<div></div>"
          )
        }))()
      ),
      "Of each search."
    ),
    ...failed()
  }))(),
  call("InteractionMapsCall", "The model searches places.", "google_maps_call", () => ({
    arguments: maybe(queries("InteractionMapsQueries")(), "What for.")
  }))(),
  result("InteractionMapsResult", "The places.", "google_maps_result", () => ({
    result: given(
      list(
        object("InteractionPlaces", "Of one search.", () => ({
          places: maybe(list(object("InteractionPlace", "A place.", placeFields)()), "The places."),
          widget_context_token: maybe(Schema.String, "What a map on a page is made with.", "widgetcontent/6f0a1c")
        }))()
      ),
      "Of each search."
    )
  }))(),
  call("InteractionFileSearchCall", "The model searches files.", "file_search_call")(),
  result("InteractionFileSearchResult", "What that gave.", "file_search_result", () => ({
    result: given(
      list(
        object("InteractionFoundFile", "A file.", () => ({
          custom_metadata: maybe(list(Schema.JsonObject), "What was noted of it.", [{ year: 2026 }])
        }))()
      ),
      "The files."
    )
  }))()
]

/** What is no speech: a step by itself in either form. */
const silent = variants("InteractionAct", "What was thought, called, or given back.", () => [thought(), ...acts()])

/** A content of the earlier form. */
export const content = variants("InteractionContent", "What is said, thought, called, or given back.", () => [
  ...spoken(),
  silent()
])

const speech = (identifier: string, description: string, type: string) =>
  object(identifier, description, () => ({
    type: is(type),
    content: maybeNull(
      either(Schema.String, list(spokenContent())),
      "A text, or contents.",
      [{ type: "text", text: "What is the weather in Oslo?" }]
    )
  }))

const spokenContent = variants("InteractionSpeech", "What is said.", spoken)

export const step = variants("InteractionStep", "A step of an interaction; one of another type passes too.", () => [
  speech("InteractionUserInput", "What the user says.", "user_input")(),
  speech("InteractionModelOutput", "What the model says.", "model_output")(),
  silent()
])

const turn = object("InteractionTurn", "A turn of the earlier form.", () => ({
  role: maybe(Schema.String, "Who speaks: `user` or `model`.", "user"),
  content: maybe(either(Schema.String, list(content())), "A text, or contents.", "What is the weather in Oslo?")
}))

export const interactionInput = variants(
  "InteractionInput",
  "What is asked: a text, steps, a content or several, or turns of the earlier form.",
  () => [Schema.String, list(step()), list(content()), list(turn()), content()]
)
