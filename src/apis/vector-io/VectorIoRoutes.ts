/** The HTTP face of chunks that clients bring: Llama Stack's. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { BadGateway, GatewayTimeout } from "../../kernel/http/HttpErrors.ts"
import { InsertChunks, QueryChunks, QueryChunksAnswer } from "./VectorIoModels.ts"

const error = [...documentErrors.change, BadGateway, GatewayTimeout] as const

export class VectorIoRoutes extends HttpApiGroup.make("vector_io")
  .add(
    HttpApiEndpoint.post("insertChunks", "/vector-io/insert", {
      payload: InsertChunks,
      success: HttpApiSchema.NoContent,
      error
    }).annotateMerge(OpenApi.annotations({
      identifier: "insertChunks",
      summary: "Insert chunks",
      description: "Keeps chunks in a vector store. They are found when this has answered."
    })),
    HttpApiEndpoint.post("queryChunks", "/vector-io/query", {
      payload: QueryChunks,
      success: QueryChunksAnswer,
      error
    }).annotateMerge(OpenApi.annotations({
      identifier: "queryChunks",
      summary: "Query chunks",
      description: "The chunks of a vector store that fit best, with their vectors."
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({
    title: "Vector IO",
    description: "Chunks of text that clients bring themselves."
  }))
{}
