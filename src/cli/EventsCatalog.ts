/** `strata events catalog`: every event there is, with the Schema of its payload. Needs no server. */
import { Console, Data, Effect, FileSystem, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { apis } from "../apis/Apis.ts"
import { document } from "../apis/events/EventCatalogDocument.ts"
import * as EventCatalogMarkdown from "./EventCatalogMarkdown.ts"
import { failWithMessage } from "./Failure.ts"

const flags = {
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("JSON with the payloads' JSON Schemas (default)"),
    Flag.withDefault(false)
  ),
  markdown: Flag.Boolean("markdown").pipe(Flag.withDescription("Markdown, for people"), Flag.withDefault(false)),
  output: Flag.String("output").pipe(
    Flag.withDescription("Write it to this file; default: the terminal"),
    Flag.optional
  )
}

class CatalogNotWritten extends Data.TaggedError("CatalogNotWritten")<{ readonly message: string }> {}

export const catalog = Command.make("catalog", flags, ({ json, markdown, output }) =>
  Effect.gen(function*() {
    if (json && markdown) {
      return yield* new CatalogNotWritten({ message: "--json and --markdown are two forms: give one of them." })
    }
    const catalog = document(apis.catalog.definitions)
    const text = markdown ? EventCatalogMarkdown.text(catalog) : JSON.stringify(catalog, null, 2)
    if (Option.isNone(output)) return yield* Console.log(text)
    const files = yield* FileSystem.FileSystem
    return yield* Effect.mapError(
      files.writeFileString(output.value, `${text}\n`),
      (error) => new CatalogNotWritten({ message: `The catalog can't be written to ${output.value}: ${error.message}` })
    )
  }).pipe(failWithMessage)).pipe(
    Command.withDescription("Print every event there is, with the JSON Schema of its payload")
  )
