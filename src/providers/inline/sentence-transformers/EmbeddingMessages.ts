/** What the server and the thread of the model say to each other. */

export type ToThread =
  | { readonly type: "embed"; readonly id: number; readonly texts: ReadonlyArray<string> }
  /** Nobody waits for it any more. */
  | { readonly type: "cancel"; readonly id: number }

export interface Embedded {
  readonly type: "embedded"
  readonly id: number
  /** Base64 of little-endian 32-bit floats, one for each text. */
  readonly vectors: ReadonlyArray<string>
  readonly tokens: number
}

export type FromThread = Embedded | { readonly type: "failed"; readonly id: number; readonly message: string }
