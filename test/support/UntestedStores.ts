/** Parts of files, their processors and vector stores that are tested with the whole, each with its reason. */

const inFolder = (folder: string, names: string) => names.split(" ").map((name) => `src/${folder}/${name}.ts`)

export const untestedStores: ReadonlyArray<{ readonly reason: string; readonly files: ReadonlyArray<string> }> = [
  {
    reason: "the parts of file processors, over HTTP: test/apis/file-processors/FileProcessorsLive.test.ts",
    files: inFolder(
      "apis/file-processors",
      "FileChunks FileJobKind FileJobs FileProcessor FileProcessorErrors FileProcessorEvents FileProcessorsApi " +
        "ProcessForm ThreadedProcessor"
    )
  },
  {
    reason:
      "what reads files of one type, and what they share: test/kernel/extraction/Extraction.test.ts reads all types",
    files: inFolder(
      "kernel/extraction",
      "Charset ExtractionLimits ExtractionMessages ExtractionWorker FileType HtmlText MarkdownSections OfficeText " +
        "PartCollector PdfText TableText ZipArchive ZipDirectory"
    )
  },
  {
    reason: "declarations, and the counting of tokens, which test/kernel/text/TextChunks.test.ts holds",
    files: inFolder("kernel/text", "FileUnreadable ProcessedFile TextTokens")
  },
  {
    reason: "a bucket's configuration and client: test/providers/remote/s3/S3Files.test.ts",
    files: ["src/providers/remote/s3/S3Bucket.ts", "src/providers/remote/s3/S3Config.ts"]
  },
  {
    reason: "files, their uploads and downloads, with OpenAI's client: test/apis/files/FilesLive.test.ts",
    files: [
      ...inFolder(
        "apis/files",
        "FileDownload FileStorage FileStore FilesApi FilesErrors FilesEvents"
      ),
      "src/kernel/provider/DataFolder.ts"
    ]
  },
  {
    reason: "vector stores are asked through the whole server, with both clients: test/apis/vector-stores, " +
      "test/apis/responses/FileSearch.test.ts",
    files: [
      "src/apis/vector-io/VectorCalls.ts",
      "src/apis/vector-io/VectorIoLive.ts",
      "src/apis/vector-stores/FileAttachments.ts",
      "src/apis/vector-stores/VectorEmbedding.ts",
      "src/apis/vector-stores/VectorStoreBatches.ts",
      "src/apis/vector-stores/VectorStoreFiles.ts",
      "src/apis/vector-stores/VectorStoreRecords.ts"
    ]
  },
  {
    reason: "parts of a vector index, which the contract of all of them asks: test/support/vectorIndexContract.ts",
    files: [
      "src/apis/vector-stores/FileSearchTool.ts",
      "src/kernel/vectors/sqlite/FilterSql.ts",
      "src/kernel/vectors/sqlite/VectorDatabase.ts",
      "src/kernel/vectors/sqlite/VectorPort.ts",
      "src/kernel/vectors/sqlite/VectorWorker.ts",
      "src/providers/inline/usearch/NearRows.ts",
      "src/providers/inline/usearch/UsearchWorker.ts",
      "src/apis/vector-io/StoredVectorIndex.ts",
      "src/providers/remote/chromadb/ChromaFilter.ts",
      "src/providers/remote/chromadb/ChromaStore.ts",
      "src/providers/remote/elasticsearch/ElasticFilter.ts",
      "src/providers/remote/elasticsearch/ElasticStore.ts",
      "src/providers/remote/milvus/MilvusFilter.ts",
      "src/providers/remote/milvus/MilvusStore.ts",
      "src/providers/remote/pgvector/PgFilter.ts",
      "src/providers/remote/pgvector/PgVectorIndex.ts",
      "src/providers/remote/qdrant/QdrantFilter.ts",
      "src/providers/remote/qdrant/QdrantStore.ts",
      "src/providers/remote/weaviate/WeaviateFilter.ts",
      "src/providers/remote/weaviate/WeaviateStore.ts"
    ]
  },
  {
    reason: "what threads have in common: VectorThread.test.ts and EmbeddingThread.test.ts break, leave and end them",
    files: ["src/kernel/threads/AskedThread.ts"]
  },
  {
    reason: "declarations of vector stores only; a test would say the same once more",
    files: [
      "src/apis/vector-io/ChunkStore.ts",
      "src/apis/vector-io/SqliteVectorIndex.ts",
      "src/apis/vector-io/VectorEvents.ts",
      "src/apis/vector-io/VectorIndex.ts",
      "src/apis/vector-io/VectorIoApi.ts",
      "src/apis/vector-io/VectorIoErrors.ts",
      "src/apis/vector-stores/VectorSearchModels.ts",
      "src/apis/vector-stores/VectorStoreFilesModels.ts",
      "src/apis/vector-stores/VectorStoresErrors.ts",
      "src/apis/vector-stores/VectorStoresEvents.ts",
      "src/kernel/vectors/VectorChunk.ts",
      "src/kernel/vectors/VectorIndexFailed.ts",
      "src/kernel/vectors/sqlite/Neighbours.ts",
      "src/kernel/vectors/sqlite/VectorMessages.ts"
    ]
  }
]
