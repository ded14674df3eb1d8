/** Every kind of documents that clients keep runs the contract of all of them. */
import { answerCases } from "../../support/AnswerCases.ts"
import { documentCases } from "../../support/DocumentCases.ts"
import { documentContract } from "../../support/documentContract.ts"

for (const each of [...documentCases, ...answerCases]) documentContract(each)
