/** What a vendor says of a failure, as its client may read it: without the keys that it may have been asked with. */
import type { Fiber } from "effect"
import { isUtf8 } from "node:buffer"
import { Redactor } from "../../events/redaction/Redactor.ts"
import { ConfiguredSecrets, Secrets } from "../../events/redaction/Secrets.ts"
import type { WholeBody } from "../bytes/WholeBody.ts"
import { bufferOf } from "../bytes/WholeBody.ts"
import type { ProviderRejected } from "../http/ProviderErrors.ts"
import { CurrentProviderData, secretsOf } from "../provider/ProviderData.ts"

type Headers = Readonly<Record<string, string>>

/** Of a server's configured keys, which are the same for each request. */
let usual: { readonly configured: Secrets; readonly redactor: Redactor } | undefined

/** Masks the configured keys, and those that the client sent for providers. */
export const redactorOf = (fiber: Fiber.Fiber<unknown, unknown>): Redactor => {
  const configured = fiber.getRef(ConfiguredSecrets)
  const given = fiber.getRef(CurrentProviderData)
  if (given.size === 0) {
    if (usual?.configured !== configured) usual = { configured, redactor: new Redactor([configured]) }
    return usual.redactor
  }
  const secrets = new Secrets()
  for (const data of given.values()) for (const secret of secretsOf(data)) secrets.add(secret)
  return new Redactor([configured, secrets])
}

/** Stands in what says that something failed, in whatever dialect. */
const mark = "error"

export const ofHeaders = (headers: Headers, redactor: Redactor): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactor.forClient(value)]))

/** Of an answer that may be a failure under another name. */
const ofText = (text: string, redactor: Redactor): string => text.includes(mark) ? redactor.forClient(text) : text

/** Of bytes of a failure, text or not. */
const ofFailure = (bytes: Uint8Array, redactor: Redactor): Uint8Array => {
  const buffer = bufferOf(bytes)
  const encoding = isUtf8(buffer) ? "utf8" : "latin1"
  const text = buffer.toString(encoding)
  const masked = redactor.forClient(text)
  return masked === text ? bytes : Buffer.from(masked, encoding)
}

/** Of frames of an answer. */
export const ofBytes = (bytes: Uint8Array, redactor: Redactor): Uint8Array =>
  bufferOf(bytes).includes(mark) ? ofFailure(bytes, redactor) : bytes

/** Of an answer. */
export const ofBody = (body: WholeBody, redactor: Redactor): WholeBody =>
  typeof body === "string" ? ofText(body, redactor) : ofBytes(body, redactor)

/** Of a refusal. */
export const ofRejected = ({ bytes, text }: ProviderRejected, redactor: Redactor): WholeBody =>
  bytes === undefined ? redactor.forClient(text) : ofFailure(bytes, redactor)
