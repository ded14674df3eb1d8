/** Files, and what is made of them, run the contract of all documents. */
import { documentContract } from "../../support/documentContract.ts"
import { fileCases } from "../../support/FileCases.ts"

for (const each of fileCases) documentContract(each)
