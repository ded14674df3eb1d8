/** Every adapter of inference keeps the contract over messages. */
import * as Adapters from "../../support/Adapters.ts"
import { completionContract } from "../../support/completionContract.ts"

for (const adapter of Adapters.all) completionContract(adapter)
