/** Batches run the contract of all documents. */
import { batchCases } from "../../support/BatchCases.ts"
import { documentContract } from "../../support/documentContract.ts"

for (const each of batchCases) documentContract(each)
