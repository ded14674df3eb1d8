/** The bytes of a state event's payload with a row of its own, of which something stands in passages. */
import * as FactBytes from "./FactBytes.ts"
import type { Cut, CutEntries, CutPayload, StoredPayload } from "./Passage.ts"
import * as Passage from "./Passage.ts"

/** The bytes to store: a line of JSON that says what is cut, and the rest of the payload. */
export const encode = (payload: string, cuts: ReadonlyArray<Cut>): Buffer =>
  FactBytes.pack([JSON.stringify(Passage.toEntries(cuts)), "\n", Passage.withoutCuts(payload, cuts)], {
    kind: "sharesPassages",
    isAltered: false,
    goesOn: true
  })

/** As it is stored. */
export const read = (bytes: Uint8Array): CutPayload => {
  FactBytes.kindOf(bytes)
  const { isAltered, text } = FactBytes.unpack(bytes)
  if (isAltered) throw new Error("the payload of an event was changed by another hand")
  const end = text.indexOf("\n")
  return { cuts: Passage.ofEntries(JSON.parse(text.slice(0, end)) as CutEntries), stored: text.slice(end + 1) }
}

/** True of what `encode` makes: other bytes are compressed payloads. */
export const isOne = (bytes: Uint8Array): boolean => FactBytes.kindIfAny(bytes) === "sharesPassages"

export const decode = (bytes: Uint8Array, payloadOf: StoredPayload): string => {
  const { cuts, stored } = read(bytes)
  const payload = Passage.restored(stored, cuts, payloadOf)
  if (payload === undefined) throw new Error("what the payload of an event refers to is gone")
  return payload
}
