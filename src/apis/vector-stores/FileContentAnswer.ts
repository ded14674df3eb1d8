/** The answer with the pieces of a file: written as they come, for with their vectors they may be longer than a text can be. */
import { Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import type { ContentPiece } from "./VectorStoreFilesModels.ts"

const begin = "{\"object\":\"vector_store.file_content.page\",\"has_more\":false,\"next_page\":null,\"data\":["
const end = "]}"

export const of = <E>(pieces: Stream.Stream<ContentPiece, E>): HttpServerResponse.HttpServerResponse => {
  const items = pieces.pipe(Stream.map((piece) => JSON.stringify(piece)), Stream.intersperse(","))
  const text = Stream.concat(Stream.make(begin), Stream.concat(items, Stream.make(end)))
  return HttpServerResponse.stream(Stream.encodeText(text), { contentType: "application/json" })
}
