/**
 * Signatures of several texts. An answer of this dialect has one text and one place for a signature: where there are more,
 * that holds an envelope which says where each signed text ends.
 */
import { Option, Result, Schema } from "effect"
import * as OpaqueState from "../../messages/OpaqueState.ts"

export const SignedText = Schema.Struct({
  length: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).annotate({
    description: "UTF-16 code units of the content from the end of the signed text before it, or from its beginning."
  }),
  signature: Schema.String,
  calls: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).annotate({
    description: "So many tool calls come before it."
  })
})
export type SignedText = typeof SignedText.Type

const decode = Schema.decodeUnknownResult(Schema.Array(SignedText))

/** Undefined for a signature that is no such envelope: a text's own. */
export const open = (signature: string | undefined): ReadonlyArray<SignedText> | undefined =>
  signature === undefined
    ? undefined
    : Option.getOrUndefined(Result.getSuccess(decode(OpaqueState.open(signature)?.fields["texts"])))

/** A text of the content; its signature is absent where nobody signed it. */
export interface Text {
  readonly text: string
  readonly signature?: string
  readonly calls: number
}

/** The content cut where each signed text ends; undefined where it is another content than was signed. */
export const split = (content: string, signed: ReadonlyArray<SignedText>): ReadonlyArray<Text> | undefined => {
  let from = 0
  const texts = signed.map(({ calls, length, signature }): Text => {
    const text = content.slice(from, from + length)
    from += length
    return { text, signature, calls }
  })
  if (from > content.length) return undefined
  return from === content.length ? texts : [...texts, { text: content.slice(from), calls: 0 }]
}

/** Takes the texts of an answer as they come. */
export class SignedTexts {
  readonly #signed: Array<SignedText> = []
  /** Of the texts since the last signed one. */
  #length = 0

  add(text: string, signature: string | null | undefined, calls: number): void {
    this.#length += text.length
    if (signature == null) return
    this.#signed.push({ length: this.#length, signature, calls })
    this.#length = 0
  }

  get last(): string | undefined {
    return this.#signed.at(-1)?.signature
  }

  /** The envelope of all; undefined where nothing is signed. */
  get sealed(): string | undefined {
    return this.#signed.length === 0
      ? undefined
      : OpaqueState.seal({ dialect: "gemini", fields: { texts: this.#signed } })
  }

  /** What stands for all of them: of one text alone its own signature. */
  get signature(): string | undefined {
    const [first] = this.#signed
    const isPlain = this.#signed.length === 1 && this.#length === 0 && first!.length > 0 && first!.calls === 0
    return isPlain ? first!.signature : this.sealed
  }
}
