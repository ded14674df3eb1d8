/** Ids of sessions that a client may choose. */
import { Schema } from "effect"

export const validId = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/

/** In words, for who chose another. */
export const expectedId = "1 to 128 letters, digits, dots, colons, dashes or underscores"

export const SessionId = Schema.String.check(Schema.isPattern(validId, { expected: expectedId }))
