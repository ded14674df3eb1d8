/** Oracle Cloud: each request is signed with a user's RSA key (Signature version 1, rsa-sha256). */
import { DateTime, Effect, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import type { KeyObject } from "node:crypto"
import { createHash, createPrivateKey, sign as signBytes } from "node:crypto"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import * as ApiKey from "./ApiKey.ts"
import type { Authentication, AuthenticationType } from "./Authentication.ts"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"
import * as OciConfigFile from "./OciConfigFile.ts"
import * as WholeRequest from "./WholeRequest.ts"

const optional = (description: string, env: string, prompt: string) =>
  Schema.optionalKey(Schema.String).annotate({ description }).pipe(FieldPrompt.annotate({ env, prompt }))

const usualFile = "~/.oci/config"

export const fields = {
  oci_auth_type: Schema.Literals(["config_file", "instance_principal"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("config_file" as const))
  ).annotate({
    description:
      "Who signs: the user of the fields below, or of a profile in the configuration file (`config_file`). " +
      "`instance_principal` is taken and refused with each request: Strata can't sign as a machine. Default `config_file`."
  }).pipe(FieldPrompt.annotate({ env: "OCI_AUTH_TYPE", choices: ["config_file"], prompt: "Who signs" })),
  oci_config_file_path: Schema.NonEmptyString.pipe(Schema.withDecodingDefaultKey(Effect.succeed(usualFile))).annotate({
    description: `The configuration file of Oracle's tools. Default ${usualFile}.`
  }).pipe(FieldPrompt.annotate({ env: "OCI_CONFIG_FILE_PATH", prompt: "Configuration file of OCI" })),
  oci_config_profile: Schema.NonEmptyString.pipe(Schema.withDecodingDefaultKey(Effect.succeed("DEFAULT"))).annotate({
    description: "The profile in that file. Default DEFAULT."
  }).pipe(FieldPrompt.annotate({ env: "OCI_CLI_PROFILE", prompt: "Profile in it" })),
  oci_user_ocid: optional("The user; absent or empty: the profile's.", "OCI_USER_OCID", "User OCID (empty: profile)"),
  oci_tenancy_ocid: optional(
    "The tenancy; absent or empty: the profile's.",
    "OCI_TENANCY_OCID",
    "Tenancy OCID (empty: profile)"
  ),
  oci_fingerprint: optional(
    "The fingerprint of the key; absent or empty: the profile's.",
    "OCI_FINGERPRINT",
    "Fingerprint of the key (empty: profile)"
  ),
  oci_private_key: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "The private key (PEM); absent or empty: of the profile's key_file."
  }).pipe(FieldPrompt.annotate({ env: "OCI_PRIVATE_KEY", prompt: "Private key, PEM (empty: profile)" }))
}

interface Config {
  readonly oci_auth_type: "config_file" | "instance_principal"
  readonly oci_config_file_path: string
  readonly oci_config_profile: string
  readonly oci_user_ocid?: string
  readonly oci_tenancy_ocid?: string
  readonly oci_fingerprint?: string
  readonly oci_private_key?: Redacted.Redacted
}

interface Signer {
  readonly keyId: string
  readonly key: KeyObject
}

const fail = (message: string) => new AuthenticationFailed({ message })

const keyIdOf = (config: Config, profile: OciConfigFile.Profile): Effect.Effect<string, AuthenticationFailed> => {
  const parts = {
    tenancy: config.oci_tenancy_ocid || profile["tenancy"] || "",
    user: config.oci_user_ocid || profile["user"] || "",
    fingerprint: config.oci_fingerprint || profile["fingerprint"] || ""
  }
  const missing = Object.entries(parts).filter(([, value]) => value === "").map(([name]) => name)
  return missing.length === 0
    ? Effect.succeed(Object.values(parts).join("/"))
    : Effect.fail(fail(`${missing.join(", ")}: neither configured nor in the profile ${config.oci_config_profile}`))
}

const signerOf = Effect.fnUntraced(function*(config: Config): Effect.fn.Return<Signer, AuthenticationFailed> {
  const { oci_config_file_path: file, oci_config_profile: name, oci_private_key } = config
  if (config.oci_auth_type === "instance_principal") {
    return yield* fail("oci_auth_type instance_principal is not supported: set config_file, with a user's key")
  }
  const pem = oci_private_key === undefined ? "" : Redacted.value(oci_private_key)
  const isWhole = pem !== "" &&
    [config.oci_user_ocid, config.oci_tenancy_ocid, config.oci_fingerprint].every((each = "") => each !== "")
  const profile = isWhole ? {} : yield* OciConfigFile.profile(file, name)
  const keyId = yield* keyIdOf(config, profile)
  const keyFile = profile["key_file"] ?? ""
  if (pem === "" && keyFile === "") {
    return yield* fail(`the profile ${name} names no key_file: set it, or oci_private_key`)
  }
  const text = pem === "" ? yield* OciConfigFile.read(OciConfigFile.besides(file, keyFile), "key_file") : pem
  const { pass_phrase: passphrase } = profile
  const key = yield* Effect.try({
    try: () => createPrivateKey({ key: text, ...passphrase === undefined ? {} : { passphrase } }),
    catch: () => fail("the private key is no RSA key in PEM, or its pass_phrase is wrong")
  })
  return { keyId, key }
})

/** What a request is signed by, in this order; those of a body where there is one. */
const signedHeaders = (hasBody: boolean): ReadonlyArray<string> => [
  "date",
  "(request-target)",
  "host",
  ...hasBody ? ["content-length", "content-type", "x-content-sha256"] : []
]

const signWith = ({ key, keyId }: Signer) =>
  Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest) {
    const { body, headers, method, url } = yield* WholeRequest.of(request)
    const hasBody = method === "POST" || method === "PUT" || method === "PATCH"
    const names = signedHeaders(hasBody)
    const added: Record<string, string> = {
      "date": DateTime.toDateUtc(yield* DateTime.now).toUTCString(),
      ...hasBody
        ? {
          "content-type": headers["content-type"] ?? "application/json",
          "x-content-sha256": createHash("sha256").update(body).digest("base64")
        }
        : {}
    }
    const all: Record<string, string> = {
      ...added,
      "(request-target)": `${method.toLowerCase()} ${url.pathname}${url.search}`,
      "host": url.host,
      "content-length": String(body.byteLength)
    }
    const text = names.map((name) => `${name}: ${all[name]}`).join("\n")
    const signature = signBytes("sha256", Buffer.from(text), key).toString("base64")
    const authorization = `Signature version="1",keyId="${keyId}",algorithm="rsa-sha256",headers="${
      names.join(" ")
    }",signature="${signature}"`
    return HttpClientRequest.setHeaders(request, { ...added, authorization })
  })

export const ociSignature: AuthenticationType<Config> = {
  name: "OCI request signature, or an API key of Generative AI",
  takesClientKey: true,
  make: Effect.fnUntraced(function*(config): Effect.fn.Return<Authentication> {
    const secrets = yield* ConfiguredSecrets
    if (config.oci_private_key !== undefined) secrets.add(config.oci_private_key)
    let signer: Signer | undefined
    return {
      ...ApiKey.asBearer,
      sign: Effect.fnUntraced(function*(request) {
        return yield* signWith(signer ??= yield* signerOf(config))(request)
      }),
      openHeaders: ["date", "x-content-sha256"]
    }
  })
}
