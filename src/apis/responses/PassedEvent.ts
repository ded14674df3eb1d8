/** What is kept of a response that a vendor made: under the name it gave it, and so much of it as does not follow. */
import type { Schema } from "effect"
import { isFields, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import * as GivenParts from "./GivenParts.ts"
import * as ImpliedFields from "./ImpliedFields.ts"
import * as ItemIds from "./ItemIds.ts"
import type { Created } from "./ResponseEvents.ts"
import * as ResponseItems from "./ResponseItems.ts"
import * as ResponseObject from "./ResponseObject.ts"

type Fields = Schema.JsonObject
type Payload = typeof Created.payload.Encoded

const fieldsOrNull = (value: Schema.Json | undefined): Fields | null => isFields(value) ? value : null

/** Which it is and when: behind what a response may have in common with the last, so that the log stores that once. */
export const named = (response: string, created_at: number) => ({ response, created_at })

/** `body`: what was asked for. */
export const of = (
  body: Fields,
  id: string,
  response: Fields,
  { owner, session }: Required<Pick<Payload, "owner" | "session">>
): Payload => {
  const end = {
    status: textOrNull(response["status"]) ?? "completed",
    output: objectsIn(response["output"]),
    usage: fieldsOrNull(response["usage"]),
    error: fieldsOrNull(response["error"]),
    incomplete_details: fieldsOrNull(response["incomplete_details"]),
    completed_at: null
  }
  const input = ResponseItems.given(body["input"]).map((item, index) => ResponseItems.kept(item, id, index))
  const request = ResponseObject.requestOf(body)
  const at = named(id, Number(response["created_at"] ?? 0))
  return {
    owner,
    request,
    previous: null,
    conversation: null,
    session,
    input: ItemIds.withoutOwnIds(input, id),
    ...GivenParts.named(input),
    end,
    vendor: ImpliedFields.without(response, { ...at, request, end }),
    ...at
  }
}
