/** Tokens an issuer signs: verified by its published keys, or by a key of a file. */
import { DateTime, Effect, FileSystem, Predicate, Result, Schema, Stream, Struct } from "effect"
import type { JWK, JWTPayload, JWTVerifyGetKey } from "jose"
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, jwtVerify } from "jose"
import { createPublicKey } from "node:crypto"
import type { Principal, PrincipalAttributes } from "../events/types/Principal.ts"
import { systemName } from "../events/types/SystemPrincipal.ts"
import type { Jwks, Jwt } from "../kernel/access/AuthenticationConfiguration.ts"
import type { Authenticator } from "./Authenticator.ts"
import { AuthenticationFailed } from "./Authenticator.ts"

/** The file of `key_file` can't be used; the message says why. */
export class KeyFileUnusable extends Schema.TaggedError<KeyFileUnusable>()("KeyFileUnusable", {
  message: Schema.String
}) {}

const jwtForm = /^[\w-]+\.[\w-]+\.[\w-]*$/

const failed = (message: string) => new AuthenticationFailed({ reason: "invalid", message })

const ofSystem = failed(
  `The token names the principal ${systemName}, which is what Strata does of itself: nobody may have that name. ` +
    "A principal_prefix keeps an issuer's names apart."
)

const remoteKeys = ({ cache_ms, cooldown_ms, timeout_ms, uri }: Jwks): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(uri), {
    timeoutDuration: timeout_ms,
    cooldownDuration: cooldown_ms,
    cacheMaxAge: cache_ms
  })

/** A key in PEM has no name: it is tried whatever key the token names. */
const theOneKey = (pem: string): JWTVerifyGetKey => {
  const keys = createLocalJWKSet({ keys: [createPublicKey(pem).export({ format: "jwk" }) as JWK] })
  return (header, token) => keys(Struct.omit(header, ["kid"]), token)
}

/** A file of one public key (PEM) or of several (JWKS). */
const fileKeys = Effect.fnUntraced(function*(
  path: string
): Effect.fn.Return<JWTVerifyGetKey, KeyFileUnusable, FileSystem.FileSystem> {
  const unusable = (why: string) => new KeyFileUnusable({ message: `The key file ${path} can't be used: ${why}` })
  const text = yield* FileSystem.FileSystem.use((files) => files.readFileString(path)).pipe(
    Effect.mapError(() => unusable("it can't be read. Check server.auth.providers: key_file"))
  )
  if (text.includes("PRIVATE KEY")) return yield* unusable("it holds a private key. Only the public one belongs here")
  return yield* Effect.try({
    try: () => text.includes("-----BEGIN") ? theOneKey(text) : createLocalJWKSet(JSON.parse(text)),
    catch: () => unusable("it is neither a public key in PEM (-----BEGIN PUBLIC KEY-----) nor a JWKS in JSON")
  })
})

/** A claim by its name, or by a path with dots. */
const claimOf = (payload: JWTPayload, name: string): unknown =>
  Object.hasOwn(payload, name)
    ? payload[name]
    : name.split(".").reduce<unknown>(
      (value, key) => Predicate.isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
      payload
    )

const textsOf = (claim: unknown): ReadonlyArray<string> =>
  typeof claim === "string"
    ? claim.split(/\s+/).filter((word) => word !== "")
    : Array.isArray(claim)
    ? claim.filter((each) => typeof each === "string")
    : []

const attributesOf = (payload: JWTPayload, mapping: Jwt["claims_mapping"]): PrincipalAttributes => {
  const attributes = new Map<string, Set<string>>()
  for (const [claim, name] of Object.entries(mapping)) {
    const texts = textsOf(claimOf(payload, claim))
    if (texts.length > 0) attributes.set(name, new Set([...attributes.get(name) ?? [], ...texts]))
  }
  return Object.fromEntries([...attributes].map(([name, values]) => [name, [...values]]))
}

/** What jose throws, for people. What is no fault of the token is one of its issuer's service. */
const explain = (error: unknown): AuthenticationFailed => {
  if (error instanceof errors.JWTExpired) {
    return new AuthenticationFailed({ reason: "expired", message: "The token has expired: get a new one." })
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const what = error.reason === "missing" ? "is missing" : "is not the one that is accepted here"
    return failed(`The token's claim ${error.claim} ${what}.`)
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return failed("The token is signed in a way that is not accepted here.")
  }
  if (error instanceof errors.JWKSNoMatchingKey) return failed("The token's key is not one of its issuer's.")
  if (error instanceof errors.JWSSignatureVerificationFailed) return failed("The token's signature does not fit.")
  const ofToken = error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSENotSupported
  return ofToken ? failed("The token is not understood.") : new AuthenticationFailed({
    reason: "unavailable",
    message: "The keys of the token's issuer can't be had now. Try again later."
  })
}

type VerifyOptions = Parameters<typeof jwtVerify>[2]

/** Several keys may fit a token that does not name its own: each is tried. */
const verifyWith = (token: string, keys: JWTVerifyGetKey, options: VerifyOptions) =>
  Effect.tryPromise(() => jwtVerify(token, keys, options)).pipe(
    Effect.mapError(({ cause }) => ({ cause })),
    Effect.catchIf(
      ({ cause }) => cause instanceof errors.JWKSMultipleMatchingKeys,
      Effect.fnUntraced(function*({ cause }) {
        const several = cause as errors.JWKSMultipleMatchingKeys
        for (const key of yield* Stream.runCollect(Stream.fromAsyncIterable(several, (cause) => ({ cause })))) {
          const verified = yield* Effect.result(Effect.tryPromise(() => jwtVerify(token, key, options)))
          if (Result.isSuccess(verified)) return verified.success
          const { cause } = verified.failure
          if (!(cause instanceof errors.JWSSignatureVerificationFailed)) return yield* Effect.fail({ cause })
        }
        return yield* Effect.fail({ cause: new errors.JWSSignatureVerificationFailed() })
      })
    ),
    Effect.mapError(({ cause }) => explain(cause))
  )

const issuerOf = (token: string): unknown => {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** `alone`: no other issuer's tokens are accepted, so that one of another's is told what is wrong with it. */
export const make = Effect.fnUntraced(function*(config: Jwt, alone: boolean) {
  const keys = config.jwks === undefined
    ? yield* fileKeys(config.key_file!)
    : remoteKeys(config.jwks)
  const options = {
    issuer: config.issuer,
    audience: typeof config.audience === "string" ? config.audience : [...config.audience],
    algorithms: [...config.algorithms],
    clockTolerance: config.clock_tolerance_s,
    requiredClaims: ["exp"]
  }

  const principalOf = (
    { payload }: { readonly payload: JWTPayload }
  ): Effect.Effect<Principal, AuthenticationFailed> => {
    const name = claimOf(payload, config.principal_claim)
    if (typeof name !== "string" || name === "") {
      return Effect.fail(failed(`The token's claim ${config.principal_claim} is missing: it names who asks.`))
    }
    const id = config.principal_prefix + name
    return id === systemName
      ? Effect.fail(ofSystem)
      : Effect.succeed({ id, attributes: attributesOf(payload, config.claims_mapping) })
  }

  const authenticator: Authenticator = {
    authenticate: (token) => {
      if (!jwtForm.test(token)) return undefined
      if (!alone && issuerOf(token) !== config.issuer) return undefined
      return DateTime.nowAsDate.pipe(
        Effect.flatMap((currentDate) => verifyWith(token, keys, { ...options, currentDate })),
        Effect.flatMap(principalOf)
      )
    }
  }
  return authenticator
})
