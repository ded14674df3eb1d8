/** Everything that makes embeddings keeps the contract of embeddings. */
import * as Embedders from "../../support/Embedders.ts"
import { embeddingContract } from "../../support/embeddingContract.ts"

for (const embedder of Embedders.all) embeddingContract(embedder)
