/** Items that say something: messages, reasoning, what stands for a longer conversation. */
import { Schema } from "effect"
import { among, either, given, is, list, maybe, maybeNull, object } from "../../DescribedFields.ts"
import { messagePart } from "./Parts.ts"

/** In an answer every item has one. */
export const id = (example: string) =>
  maybeNull(Schema.String, "The item's id. An answer always has it; a client may leave it out.", example)

export const status = (...more: ReadonlyArray<string>) =>
  maybeNull(among("in_progress", "completed", "incomplete", ...more), "How far it is.", "completed")

export const createdBy = () => maybe(Schema.String, "Who made it, where the vendor says so.", "user-4711")

export const message = object("ResponseMessage", "What somebody says.", () => ({
  type: maybe(Schema.Literal("message"), "`message`; what has a role and no type is one."),
  id: id("msg_6f0a1c"),
  role: given(
    among("user", "assistant", "system", "developer", "tool", "critic", "discriminator", "unknown"),
    "Who speaks. Clients send `user`, `assistant`, `system` and `developer`; what a developer says outweighs the user.",
    "user"
  ),
  content: given(
    either(Schema.String, list(messagePart())),
    "A text, or parts. An answer has parts.",
    "What is the weather in Oslo?"
  ),
  phase: maybeNull(
    among("commentary", "final_answer"),
    "Of an assistant's message: said on the way, or the answer itself. Send it back as it came.",
    "final_answer"
  ),
  status: status()
}))

export const reasoning = object("ResponseReasoning", "What a model thought before it answered.", () => ({
  type: is("reasoning"),
  id: id("rs_6f0a1c"),
  summary: given(list(messagePart()), "In short, where a summary was asked for: parts of the type `summary_text`."),
  content: maybeNull(
    list(messagePart()),
    "The thoughts themselves, where the model gives them: parts of the type `reasoning_text`."
  ),
  encrypted_content: maybeNull(
    Schema.String,
    "The thoughts, sealed by the vendor, where `include` names `reasoning.encrypted_content`. Send it back as it came.",
    "gAAAAABo"
  ),
  status: status()
}))

export const compaction = object("ResponseCompactionItem", "Stands for a longer conversation.", () => ({
  type: is("compaction"),
  id: id("cmp_6f0a1c"),
  encrypted_content: given(Schema.String, "The conversation in short, sealed. Send it back as it came.", "gAAAAABo"),
  created_by: createdBy()
}))

export const itemReference = object("ResponseItemReference", "An item that is kept already, by its id.", () => ({
  type: maybeNull(Schema.Literal("item_reference"), "`item_reference`; what has only an id is one."),
  id: given(Schema.String, "The item's id.", "msg_6f0a1c")
}))
