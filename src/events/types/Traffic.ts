/** What went over a wire, or into a call without one, complete: the payloads of raw events. */
import { Schema } from "effect"
import { hash } from "node:crypto"

const digest = Schema.String.annotate({
  description: "SHA-256 of the body or of all frames joined: proves them unaltered."
})

const headers = Schema.Record(Schema.String, Schema.String).annotate({
  description: "Lower-case names, secrets redacted."
})

const body = Schema.String.annotate({ description: "The body as sent: text, or base64 where it is not UTF-8." })

const encoding = Schema.Literals(["utf-8", "base64"])

export const RequestTraffic = Schema.Struct({
  method: Schema.String,
  url: Schema.String,
  headers,
  body,
  encoding,
  sha256: digest
})
export type RequestTraffic = typeof RequestTraffic.Type

/** One frame of a streamed answer: milliseconds since the request was sent, and the frame as sent, its end included. */
export const Frame = Schema.Tuple([Schema.Finite, Schema.String])
export type Frame = typeof Frame.Type

export const ResponseTraffic = Schema.Struct({
  status: Schema.Int,
  headers,
  head_sha256: Schema.optionalKey(Schema.String).annotate({
    description: "SHA-256 of status and headers. Absent in what earlier versions recorded."
  }),
  omitted_bytes: Schema.optionalKey(Schema.Int).annotate({
    description: "Bytes of a stream behind these that were not kept: see `recording.max_stream_bytes`. Absent: none."
  }),
  body: Schema.optionalKey(body),
  frames: Schema.optionalKey(Schema.Array(Frame)),
  encoding,
  sha256: digest
})
export type ResponseTraffic = typeof ResponseTraffic.Type

/** Of text: of its UTF-8 bytes. */
export const sha256 = (content: string | Uint8Array): string => hash("sha256", content, "hex")

/** Of an answer's status and headers, whatever the order of these. */
export const headSha256 = (status: number | null, headers: Readonly<Record<string, string>>): string =>
  sha256(JSON.stringify([status, Object.entries(headers).sort()]))

/** What an answer says to who reads it, framed or not; with a sign for what is no text. */
export const readableText = (traffic: Pick<ResponseTraffic, "body" | "frames"> & Partial<ResponseTraffic>): string =>
  traffic.encoding === "base64"
    ? Buffer.concat(
      [traffic.body ?? "", ...(traffic.frames ?? []).map(([, frame]) => frame)].map((text) =>
        Buffer.from(text, "base64")
      )
    ).toString("utf8")
    : textOf(traffic)

/** The text of an answer, framed or not, as it is stored. */
export const textOf = (traffic: Pick<ResponseTraffic, "body" | "frames">): string =>
  traffic.body ?? (traffic.frames ?? []).map(([, frame]) => frame).join("")
