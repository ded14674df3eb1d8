/** A request of Chat Completions as watsonx.ai's text/chat has it: names of its own, and whose project it is. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { parse } from "../../../events/types/JsonAccess.ts"

export interface Owner {
  readonly project_id?: string
  readonly space_id?: string
}

const isChoice = (value: unknown): value is string => value === "auto" || value === "none" || value === "required"

/** Whether it is streamed is said by the address, and a stream counts its tokens unasked. */
export const lower = ({ project_id = "", space_id = "" }: Owner) => (text: string): string => {
  const body = parse(text)
  if (!Predicate.isObject(body)) return text
  const { model, stream: _, stream_options: __, tool_choice, ...rest } = body as Schema.JsonObject
  return JSON.stringify({
    model_id: model,
    ...project_id !== "" && space_id === "" ? { project_id } : {},
    ...space_id === "" ? {} : { space_id },
    ...isChoice(tool_choice) ? { tool_choice_option: tool_choice } : tool_choice == null ? {} : { tool_choice },
    ...rest
  })
}
