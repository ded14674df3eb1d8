/** An adapter of each authentication keeps the contract over messages. */
import { completionContract } from "../../support/completionContract.ts"
import * as SignedAdapters from "../../support/SignedAdapters.ts"

for (const adapter of SignedAdapters.all) completionContract(adapter)
