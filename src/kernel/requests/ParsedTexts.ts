/** The values of the last texts of a request: what passes through is parsed once, and what is written here never. */
import type { Schema } from "effect"
import * as JsonAccess from "../../events/types/JsonAccess.ts"

/** What the client sent, what the vendor got, and the answer. */
const most = 3

export class ParsedTexts {
  #last: ReadonlyArray<{ readonly text: string; readonly json: Schema.Json | undefined }> = []

  /** The value of JSON text, undefined where it is none. */
  parse(text: string): Schema.Json | undefined {
    for (const parsed of this.#last) if (parsed.text === text) return parsed.json
    const json = JsonAccess.parse(text)
    this.remember(text, json)
    return json
  }

  /** Takes the value that a text was written of: nobody parses that. */
  remember(text: string, json: Schema.Json | undefined): void {
    this.#last = [{ text, json }, ...this.#last.slice(0, most - 1)]
  }
}
