/** The HTTP face of vector stores: OpenAI's. */
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { BadGateway, BadRequest, Conflict, Forbidden, GatewayTimeout } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded } from "../../kernel/http/RouteAnnotations.ts"
import { SearchResults, SearchVectorStore } from "./VectorSearchModels.ts"
import {
  AttachFile,
  BatchParams,
  ContentQuery,
  CreateFileBatch,
  DetachedFile,
  FileBatch,
  FileContent,
  FileParams,
  FilesQuery,
  UpdateFile,
  VectorStoreFile,
  VectorStoreFileList
} from "./VectorStoreFilesModels.ts"
import {
  CreateVectorStore,
  DeletedVectorStore,
  UpdateVectorStore,
  VectorStore,
  VectorStoreList,
  VectorStoreParams,
  VectorStoresQuery
} from "./VectorStoresModels.ts"

const read = [...documentErrors.list, BadRequest, Conflict, Forbidden, BadGateway, GatewayTimeout] as const
const change = [...documentErrors.change, BadGateway, GatewayTimeout] as const

const one = "/vector_stores/:vector_store_id"
const file = `${one}/files/:file_id` as const
const batches = `${one}/file_batches` as const

export class VectorStoresRoutes extends HttpApiGroup.make("vector_stores")
  .add(
    HttpApiEndpoint.post("createVectorStore", "/vector_stores", {
      payload: CreateVectorStore,
      success: VectorStore,
      error: change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "createVectorStore",
      summary: "Create a vector store",
      description: "Makes a store, and reads files into it in the background where some are named."
    })),
    HttpApiEndpoint.get("listVectorStores", "/vector_stores", {
      query: VectorStoresQuery,
      success: VectorStoreList,
      error: read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listVectorStores",
      summary: "List vector stores",
      description: "The stores that may be seen, a page at a time.",
      transform: parameters(VectorStoresQuery)
    })),
    HttpApiEndpoint.get("retrieveVectorStore", one, {
      params: VectorStoreParams,
      success: VectorStore,
      error: read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveVectorStore",
      summary: "Retrieve a vector store",
      description: "What is known of a store: how many files it has, and how far they are.",
      transform: parameters({ fields: VectorStoreParams })
    })),
    HttpApiEndpoint.post("updateVectorStore", one, {
      params: VectorStoreParams,
      payload: UpdateVectorStore,
      success: VectorStore,
      error: change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "updateVectorStore",
      summary: "Update a vector store",
      description: "Its name, its metadata, when it expires: what is named.",
      transform: parameters({ fields: VectorStoreParams })
    })),
    HttpApiEndpoint.delete("deleteVectorStore", one, {
      params: VectorStoreParams,
      success: DeletedVectorStore,
      error: change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "deleteVectorStore",
      summary: "Delete a vector store",
      description: "Removes the chunks, then the store. Its files stay where files are kept.",
      transform: parameters({ fields: VectorStoreParams })
    })),
    HttpApiEndpoint.post("searchVectorStore", `${one}/search`, {
      params: VectorStoreParams,
      payload: SearchVectorStore,
      success: SearchResults,
      error: change
    }).annotateMerge(OpenApi.annotations({
      identifier: "searchVectorStore",
      summary: "Search a vector store",
      description: "The pieces of its files that fit best, the highest score first.",
      transform: parameters({ fields: VectorStoreParams })
    })),
    HttpApiEndpoint.post("createVectorStoreFile", `${one}/files`, {
      params: VectorStoreParams,
      payload: AttachFile,
      success: VectorStoreFile,
      error: change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "createVectorStoreFile",
      summary: "Attach a file",
      description: "Reads a file into the store, in the background. One that is there is read anew.",
      transform: parameters({ fields: VectorStoreParams })
    })),
    HttpApiEndpoint.get("listVectorStoreFiles", `${one}/files`, {
      params: VectorStoreParams,
      query: FilesQuery,
      success: VectorStoreFileList,
      error: read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listVectorStoreFiles",
      summary: "List the files of a store",
      description: "A page at a time, of all or of one status.",
      transform: parameters({ fields: VectorStoreParams }, FilesQuery)
    })),
    HttpApiEndpoint.get("retrieveVectorStoreFile", file, {
      params: FileParams,
      success: VectorStoreFile,
      error: read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveVectorStoreFile",
      summary: "Retrieve a file of a store",
      description: "How far it is, and what it says of itself.",
      transform: parameters({ fields: FileParams })
    })),
    HttpApiEndpoint.post("updateVectorStoreFile", file, {
      params: FileParams,
      payload: UpdateFile,
      success: VectorStoreFile,
      error: change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "updateVectorStoreFile",
      summary: "Update a file's attributes",
      description: "All attributes of its chunks, in place of those it had.",
      transform: parameters({ fields: FileParams })
    })),
    HttpApiEndpoint.delete("deleteVectorStoreFile", file, {
      params: FileParams,
      success: DetachedFile,
      error: change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "deleteVectorStoreFile",
      summary: "Take a file out of a store",
      description: "Removes its chunks. The file stays where files are kept.",
      transform: parameters({ fields: FileParams })
    })),
    HttpApiEndpoint.get("retrieveVectorStoreFileContent", `${file}/content`, {
      params: FileParams,
      query: ContentQuery,
      success: FileContent,
      error: read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveVectorStoreFileContent",
      summary: "Retrieve a file's chunks",
      description: "What of the file is searched, in its order.",
      transform: parameters({ fields: FileParams }, ContentQuery)
    })),
    HttpApiEndpoint.post("createVectorStoreFileBatch", batches, {
      params: VectorStoreParams,
      payload: CreateFileBatch,
      success: FileBatch,
      error: change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "createVectorStoreFileBatch",
      summary: "Attach several files",
      description: "Reads files into the store, in the background. The batch counts how far they are.",
      transform: parameters({ fields: VectorStoreParams })
    })),
    HttpApiEndpoint.get("retrieveVectorStoreFileBatch", `${batches}/:batch_id`, {
      params: BatchParams,
      success: FileBatch,
      error: read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveVectorStoreFileBatch",
      summary: "Retrieve a batch",
      description: "How far its files are.",
      transform: parameters({ fields: BatchParams })
    })),
    HttpApiEndpoint.post("cancelVectorStoreFileBatch", `${batches}/:batch_id/cancel`, {
      params: BatchParams,
      success: FileBatch,
      error: change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "cancelVectorStoreFileBatch",
      summary: "Cancel a batch",
      description: "Stops what is being read. What is read stays.",
      transform: parameters({ fields: BatchParams })
    })),
    HttpApiEndpoint.get("listFilesInVectorStoreBatch", `${batches}/:batch_id/files`, {
      params: BatchParams,
      query: FilesQuery,
      success: VectorStoreFileList,
      error: read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listFilesInVectorStoreBatch",
      summary: "List the files of a batch",
      description: "A page at a time, of all or of one status.",
      transform: parameters({ fields: BatchParams }, FilesQuery)
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({
    title: "Vector stores",
    description: "Files that can be searched by what they mean."
  }))
{}
