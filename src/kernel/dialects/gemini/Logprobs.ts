/** How likely the tokens of an answer were: asked for as chat completions do, and read in their form. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, listOf } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf } from "./ProtoNames.ts"

/** Names of chat completions that are carried. */
export const taken: ReadonlySet<string> = new Set(["logprobs", "top_logprobs"])

/** Settings of the wire; none where nobody asks. */
export const lower = (request: ChatRequest): Fields => {
  const { logprobs, top_logprobs } = optionsFor("chat", request)
  return logprobs !== true ? {} : {
    responseLogprobs: true,
    ...(Predicate.isNumber(top_logprobs) && top_logprobs > 0 ? { logprobs: top_logprobs } : {})
  }
}

const tokenOf = (candidate: unknown): Schema.JsonObject => {
  const { logProbability, token } = fieldsOf(candidate)
  const text = Predicate.isString(token) ? token : ""
  return {
    token: text,
    logprob: Predicate.isNumber(logProbability) ? logProbability : 0,
    bytes: [...Buffer.from(text)]
  }
}

/** Of a candidate's tokens, in order. */
export const raise = (candidate: Fields | undefined): ReadonlyArray<Schema.JsonObject> => {
  const { chosenCandidates, topCandidates } = fieldsOf(candidate?.["logprobsResult"])
  const tops = listOf(topCandidates)
  return listOf(chosenCandidates).filter(isFields).map((chosen, at) => ({
    ...tokenOf(chosen),
    top_logprobs: listOf(fieldsOf(tops[at])["candidates"]).map(tokenOf)
  }))
}

const isText = ({ type }: ContentBlock): boolean => type === "text"

/** With its text: where an answer has more than one, nothing says which is whose. */
export const withText = (
  content: ReadonlyArray<ContentBlock>,
  candidate: Fields | undefined
): ReadonlyArray<ContentBlock> => {
  const logprobs = raise(candidate)
  return logprobs.length === 0 || content.filter(isText).length !== 1
    ? content
    : content.map((block) => isText(block) ? { ...block, logprobs } as ContentBlock : block)
}
