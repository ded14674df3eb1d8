/** Signatures of requests, checked as the vendors say they are made: of what came over the wire, and by no library. */
import { createHash, createHmac, createPublicKey, generateKeyPairSync, verify } from "node:crypto"
import type { ReceivedRequest } from "./FakeUpstream.ts"

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()

const escape = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)

const awsHeader =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/

export interface AwsAccount {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  readonly service: string
}

/** What AWS would find wrong with a request; undefined: nothing. */
export const awsProblem = (
  { bodyText, headers, method, path }: ReceivedRequest,
  { accessKeyId, region, secretAccessKey, service }: AwsAccount
): string | undefined => {
  const match = awsHeader.exec(headers["authorization"] ?? "")
  if (match === null) return `no signature: ${headers["authorization"]}`
  const [, id, date, givenRegion, givenService, names, signature] = match as unknown as ReadonlyArray<string>
  if (id !== accessKeyId || givenRegion !== region || givenService !== service) {
    return `of ${id} ${givenRegion} ${givenService}`
  }
  const signed = names!.split(";")
  if (!signed.includes("host") || !signed.includes("x-amz-date")) return `signed are ${names} only`
  if (headers["x-amz-content-sha256"] !== sha256(bodyText)) return "of another body"
  const [where = "", query = ""] = path.split("?")
  const parameters = [...new URLSearchParams(query)].map(([name, value]) => `${escape(name)}=${escape(value)}`).sort()
  const canonical = [
    method,
    where.split("/").map(escape).join("/"),
    parameters.join("&"),
    ...signed.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/\s+/g, " ")}`),
    "",
    names,
    sha256(bodyText)
  ].join("\n")
  const scope = `${date}/${region}/${service}/aws4_request`
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n")
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date!), region), service), "aws4_request")
  return hmac(key, text).toString("hex") === signature ? undefined : "another signature"
}

/** A key pair of a user, PEM. */
export const rsaKeys = () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString()
  }
}

const ociHeader = /^Signature version="1",keyId="([^"]+)",algorithm="rsa-sha256",headers="([^"]+)",signature="([^"]+)"$/

/** What Oracle would find wrong with a request; undefined: nothing. */
export const ociProblem = (
  { bodyText, headers, method, path }: ReceivedRequest,
  account: { readonly keyId: string; readonly publicKey: string }
): string | undefined => {
  const match = ociHeader.exec(headers["authorization"] ?? "")
  if (match === null) return `no signature: ${headers["authorization"]}`
  const [, keyId, names, signature] = match as unknown as ReadonlyArray<string>
  if (keyId !== account.keyId) return `of ${keyId}`
  const required = method === "POST"
    ? "date (request-target) host content-length content-type x-content-sha256"
    : "date (request-target) host"
  if (names !== required) return `signed are ${names} only`
  if (method === "POST" && headers["x-content-sha256"] !== createHash("sha256").update(bodyText).digest("base64")) {
    return "of another body"
  }
  const text = names.split(" ").map((name) =>
    `${name}: ${name === "(request-target)" ? `${method.toLowerCase()} ${path}` : headers[name]}`
  ).join("\n")
  const isValid = verify(
    "sha256",
    Buffer.from(text),
    createPublicKey(account.publicKey),
    Buffer.from(signature!, "base64")
  )
  return isValid ? undefined : "another signature"
}
