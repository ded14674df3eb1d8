/** The HTTP face of chunks that clients bring: Llama Stack's. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { BadGateway, GatewayTimeout } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { Recorded } from "../../kernel/http/RouteAnnotations.ts"
import {
  ChunkCount,
  CountChunks,
  InsertChunks,
  ListChunks,
  QueryChunks,
  QueryChunksAnswer,
  RemoveChunks,
  UpdateChunks
} from "./VectorIoModels.ts"

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
  .add(
    HttpApiEndpoint.get("listChunks", "/v1alpha/vector-io/chunks", {
      query: ListChunks,
      success: QueryChunksAnswer,
      error
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listChunks",
      summary: "List the chunks of a document",
      description: "In their order, with their vectors. Scores are 0: nothing was searched for.",
      transform: parameters(ListChunks)
    })),
    HttpApiEndpoint.get("countChunks", "/v1alpha/vector-io/chunks/count", {
      query: CountChunks,
      success: ChunkCount,
      error
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "countChunks",
      summary: "Count chunks",
      description: "How many chunks a document has, or a vector store.",
      transform: parameters(CountChunks)
    })),
    HttpApiEndpoint.post("updateChunks", "/v1alpha/vector-io/chunks/update", {
      payload: UpdateChunks,
      success: HttpApiSchema.NoContent,
      error
    }).annotateMerge(OpenApi.annotations({
      identifier: "updateChunks",
      summary: "Update the chunks of a document",
      description: "Gives all chunks of a document other texts, numbers and truths for filters to ask."
    })),
    HttpApiEndpoint.post("removeChunks", "/v1alpha/vector-io/chunks/remove", {
      payload: RemoveChunks,
      success: HttpApiSchema.NoContent,
      error
    }).annotateMerge(OpenApi.annotations({
      identifier: "removeChunks",
      summary: "Remove the chunks of a document",
      description: "They are found no more. What is not there is removed already."
    }))
  )
  .annotateMerge(OpenApi.annotations({
    title: "Vector IO",
    description: "Chunks of text that clients bring themselves."
  }))
{}
