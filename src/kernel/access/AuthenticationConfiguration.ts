/** The section `server.auth`: who may ask, and what they may do. */
import { Effect, Schema } from "effect"
import { systemName } from "../../events/types/SystemPrincipal.ts"
import { text, url, whole } from "../provider/FieldSchema.ts"
import { AccessRule } from "./AccessPolicy.ts"
import { RouteRule } from "./RoutePolicy.ts"

const ApiKey = Schema.Struct({
  id: text.annotate({ description: "Name of the key, for people" }).annotateKey({
    messageMissingKey: "missing: name this key, for example id: alice-laptop"
  }),
  sha256: Schema.String.annotate({
    description: "SHA-256 of the key, 64 hexadecimal digits: strata keys create makes a key and prints its entry"
  }).check(Schema.isPattern(/^[0-9a-fA-F]{64}$/, {
    expected: "the SHA-256 of the key, 64 hexadecimal digits, as strata keys create prints it"
  })).annotateKey({ messageMissingKey: "missing: strata keys create prints it with a new key" }),
  principal: Schema.optionalKey(
    text.annotate({ description: "Who uses it, as rules and events name them; default: the key's id" })
  ),
  attributes: Schema.Record(Schema.String, Schema.Array(text).annotate({ expected: "a list of texts" })).annotate({
    expected: "a mapping of names to lists of texts",
    description: "What rules may ask about, for example { roles: [admin], teams: [red] }",
    default: {}
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
}).annotate({ expected: "a mapping with id and sha256" })
export type ApiKey = typeof ApiKey.Type

const keysDiffer = Schema.makeFilter((keys: ReadonlyArray<ApiKey>) =>
  keys.flatMap((key, index) =>
    (["id", "sha256"] as const).flatMap((field) => {
      const first = keys.findIndex((each) => each[field].toLowerCase() === key[field].toLowerCase())
      return first === index
        ? []
        : [{ path: [index, field], issue: `the same ${field} as entry [${first}]: give each key its own` }]
    })
  )
)

const noSystem = Schema.makeFilter((keys: ReadonlyArray<ApiKey>) =>
  keys.flatMap(({ id, principal }, index) =>
    (principal ?? id) === systemName
      ? [{
        path: [index, principal === undefined ? "id" : "principal"],
        issue: `${systemName} is what Strata does of itself: choose another name`
      }]
      : []
  )
)

const ApiKeys = Schema.Struct({
  type: Schema.Literal("api_keys").annotate({ description: "Keys that stand, hashed, in this file" }),
  keys: Schema.Array(ApiKey).annotate({ expected: "a list of keys", description: "The keys that are accepted" })
    .check(keysDiffer, noSystem).annotateKey({ messageMissingKey: "missing: strata keys create makes the first" })
})
export type ApiKeys = typeof ApiKeys.Type

const Algorithm = Schema.Literals([
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA"
]).annotate({ expected: "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA" })

const defaultClaims = {
  roles: "roles",
  groups: "teams",
  team: "teams",
  project: "projects",
  tenant: "namespaces",
  namespace: "namespaces"
}

const Jwks = Schema.Struct({
  uri: url.annotate({ description: "Where the issuer publishes its keys, http:// or https://" })
    .annotateKey({ messageMissingKey: "missing: say where the keys are, for example uri: https://…/jwks.json" }),
  timeout_ms: whole(1, 60_000, { description: "How long fetching the keys may take, in milliseconds", default: 5000 }),
  cache_ms: whole(1000, 86_400_000, {
    description: "How long fetched keys are good, in milliseconds; an unknown key makes them be fetched again",
    default: 600_000
  }),
  cooldown_ms: whole(0, 3_600_000, {
    description: "Time between two fetches for unknown keys, at least, in milliseconds",
    default: 30_000
  })
}).annotate({ expected: "a mapping with uri" })
export type Jwks = typeof Jwks.Type

const oneSource = Schema.makeFilter((jwt: { readonly jwks?: unknown; readonly key_file?: unknown }) =>
  (jwt.jwks === undefined) === (jwt.key_file === undefined)
    ? { path: [], issue: "name either jwks, where the issuer publishes its keys, or key_file" }
    : undefined
)

const Jwt = Schema.Struct({
  type: Schema.Literal("jwt").annotate({ description: "Tokens (JWT) that an issuer signs" }),
  jwks: Schema.optionalKey(Jwks.annotate({ description: "The issuer's keys, as it publishes them" })),
  key_file: Schema.optionalKey(text.annotate({
    description: "File with the issuer's public key (PEM) or keys (JWKS), relative to where Strata is started"
  })),
  issuer: text.annotate({ description: "What the token's iss must be" })
    .annotateKey({ messageMissingKey: "missing: a token is good only of the issuer you name" }),
  audience: Schema.Union([text, Schema.NonEmptyArray(text)]).annotate({
    expected: "a text, or a list",
    description: "What the token's aud must name, one of them"
  }).annotateKey({
    messageMissingKey: "missing: name this server as the issuer does: else tokens for others are good"
  }),
  algorithms: Schema.NonEmptyArray(Algorithm).annotate({
    expected: "a list of algorithms",
    description: "How tokens may be signed; only by keys whose public part is enough to verify",
    default: Algorithm.literals
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed(Algorithm.literals))),
  principal_claim: text.annotate({ description: "The claim that names the principal", default: "sub" })
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed("sub"))),
  principal_prefix: Schema.String.annotate({
    expected: "a text",
    description: "Stands before the principal's name: where several issuers or keys could name the same",
    default: ""
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed(""))),
  claims_mapping: Schema.Record(Schema.String, text).annotate({
    expected: "a mapping of claims to attributes",
    description: "Which claim fills which attribute; dots lead inside: realm_access.roles. A list gives its texts, a " +
      "text its words",
    default: defaultClaims
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed(defaultClaims))),
  clock_tolerance_s: whole(0, 600, {
    description: "How far the clocks of issuer and server may be apart, in seconds",
    default: 30
  })
}).check(oneSource)
export type Jwt = typeof Jwt.Type

const Provider = Schema.Union([ApiKeys, Jwt]).annotate({
  expected: "a mapping with type: api_keys or type: jwt"
})

const notEmpty = Schema.makeFilter((auth: Readonly<Record<string, ReadonlyArray<unknown>>>) =>
  Object.values(auth).every((each) => each.length === 0)
    ? {
      path: [],
      issue: "it protects nothing: name providers, an access_policy or a route_policy, or leave the key out"
    }
    : undefined
)

export const Authentication = Schema.Struct({
  providers: Schema.Array(Provider).annotate({
    expected: "a list of providers, each with a type",
    description: "Who says who asks. With any, every request must authenticate, but for health and version; the " +
      "first that knows the credential decides",
    default: []
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  access_policy: Schema.Array(AccessRule).annotate({
    expected: "a list of rules, each with permit or forbid",
    description: "Who may do what to which resources; what no rule permits is denied. Without rules: with providers, " +
      "one's own and what is nobody's; else everything",
    default: []
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  route_policy: Schema.Array(RouteRule).annotate({
    expected: "a list of rules, each with permit or forbid",
    description: "Who may use which paths; what no rule permits is denied. Without rules: everyone all",
    default: []
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed([])))
}).annotate({ expected: "a mapping", description: "Who may ask, and what they may do" }).check(notEmpty)
export type Authentication = typeof Authentication.Type
