/** What the fake vendor says in each of its answers. */
// @effect-diagnostics *:off

/** In place of an answer's id: each has another. */
export const placeholder = "ID-PLACEHOLDER"

/** Frames of a stream with text. */
export const chunks = 20

export const words: ReadonlyArray<string> = Array.from({ length: chunks }, (_, index) => ` word${index}`)
