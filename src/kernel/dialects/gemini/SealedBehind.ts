/**
 * Strata streams a thought of another vendor as its words, and behind them the envelope with the rest: clients send it back
 * so, and here it is one part again, as is a signed thought of Interactions. Google's own signature on an empty text is left
 * where it is.
 */
import { Predicate, Struct } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import * as OpaqueState from "../../messages/OpaqueState.ts"
import type { Fields } from "./ProtoNames.ts"
import { isEmpty, named } from "./ProtoNames.ts"
import { plainKind } from "./RaisePart.ts"

/** The kind of part whose end it is, and the envelope. */
export interface Sealed {
  readonly kind: "text" | "thinking"
  readonly thoughtSignature: string
}

/** Undefined for any other part. */
export const sealedIn = (part: unknown): Sealed | undefined => {
  if (!isFields(part)) return undefined
  const fields = named(part)
  const { text, thoughtSignature, ...rest } = fields
  const isBehind = text === "" && Predicate.isString(thoughtSignature) &&
    (rest["thought"] === true || OpaqueState.isSealed(thoughtSignature))
  if (!isBehind || !isEmpty(Struct.omit(rest, ["thought"]))) return undefined
  return { kind: rest["thought"] === true ? "thinking" : "text", thoughtSignature }
}

/** Parts with the envelopes put to what they are of. */
export const joined = (parts: ReadonlyArray<unknown>): ReadonlyArray<unknown> => {
  const whole: Array<unknown> = []
  for (const part of parts) {
    const last = whole.at(-1)
    const sealed = sealedIn(part)
    if (sealed !== undefined && isFields(last) && last["text"] !== "" && plainKind(last) === sealed.kind) {
      whole[whole.length - 1] = { ...last, thoughtSignature: sealed.thoughtSignature } satisfies Fields
    } else whole.push(part)
  }
  return whole
}
