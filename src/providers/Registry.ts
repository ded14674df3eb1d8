/** The provider types Strata brings. */
import { AutoProcessor } from "./inline/auto/AutoProcessor.ts"
import { CodeTools } from "./inline/code/CodeTools.ts"
import { FileSearch } from "./inline/file-search/FileSearch.ts"
import { LlamaCpp } from "./inline/llama-cpp/LlamaCpp.ts"
import { LocalFiles } from "./inline/localfs/LocalFiles.ts"
import { Replay } from "./inline/replay/Replay.ts"
import { SentenceTransformers } from "./inline/sentence-transformers/SentenceTransformers.ts"
import { Faiss, SqliteVec } from "./inline/sqlite-vec/SqliteVec.ts"
import { Usearch } from "./inline/usearch/Usearch.ts"
import { Anthropic } from "./remote/anthropic/Anthropic.ts"
import { Azure } from "./remote/azure/Azure.ts"
import { Bedrock } from "./remote/bedrock/Bedrock.ts"
import { BingSearch } from "./remote/bing-search/BingSearch.ts"
import { BraveSearch } from "./remote/brave-search/BraveSearch.ts"
import { ChromaDb } from "./remote/chromadb/ChromaDb.ts"
import { compatibleVendors } from "./remote/compatible/CompatibleVendors.ts"
import { Elasticsearch } from "./remote/elasticsearch/Elasticsearch.ts"
import { ExaSearch } from "./remote/exa-search/ExaSearch.ts"
import { Gemini } from "./remote/gemini/Gemini.ts"
import { HttpTools } from "./remote/http/HttpTools.ts"
import { Milvus } from "./remote/milvus/Milvus.ts"
import { ModelContextProtocol } from "./remote/model-context-protocol/ModelContextProtocol.ts"
import { Oci } from "./remote/oci/Oci.ts"
import { Ollama } from "./remote/ollama/Ollama.ts"
import { OpenAi } from "./remote/openai/OpenAi.ts"
import { OpenAiFiles } from "./remote/openai/OpenAiFiles.ts"
import { PgVector } from "./remote/pgvector/PgVector.ts"
import { Qdrant } from "./remote/qdrant/Qdrant.ts"
import { S3Files } from "./remote/s3/S3Files.ts"
import { Strata } from "./remote/strata/Strata.ts"
import { StrataFiles } from "./remote/strata/StrataFiles.ts"
import { StrataProcessor } from "./remote/strata/StrataProcessor.ts"
import { StrataTools } from "./remote/strata/StrataTools.ts"
import { StrataVectors } from "./remote/strata/StrataVectors.ts"
import { TavilySearch } from "./remote/tavily-search/TavilySearch.ts"
import { VertexAi } from "./remote/vertexai/VertexAi.ts"
import { WatsonX } from "./remote/watsonx/WatsonX.ts"
import { Weaviate } from "./remote/weaviate/Weaviate.ts"

export const registry = [
  OpenAi,
  Anthropic,
  Gemini,
  VertexAi,
  Bedrock,
  Ollama,
  Azure,
  WatsonX,
  Oci,
  ...compatibleVendors,
  Strata,
  Replay,
  SentenceTransformers,
  LlamaCpp,
  CodeTools,
  FileSearch,
  HttpTools,
  ModelContextProtocol,
  TavilySearch,
  BraveSearch,
  BingSearch,
  ExaSearch,
  LocalFiles,
  S3Files,
  OpenAiFiles,
  AutoProcessor,
  SqliteVec,
  Usearch,
  Faiss,
  PgVector,
  ChromaDb,
  Weaviate,
  Qdrant,
  Milvus,
  Elasticsearch,
  StrataTools,
  StrataFiles,
  StrataProcessor,
  StrataVectors
] as const
