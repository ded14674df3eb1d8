/** Tokens of an issuer with real keys: which are good, and what is said of the others. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer, Schema } from "effect"
import type { JWTPayload } from "jose"
import { SignJWT, UnsecuredJWT } from "jose"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Authentication as Configuration } from "../../src/kernel/access/AuthenticationConfiguration.ts"
import { Authentication } from "../../src/server/Authentication.ts"
import { Http } from "../support/Http.ts"
import * as Issuer from "../support/Issuer.ts"
import { now } from "../support/Issuer.ts"
import { Keys } from "../support/Keys.ts"
import { Strata } from "../support/Strata.ts"
import * as TemporaryFolder from "../support/TemporaryFolder.ts"

type Given = NonNullable<(typeof Configuration.Encoded)["providers"]>[number]

const issuer = "https://issuer.test"
const jwt = (uri: string, more: object = {}) =>
  ({ type: "jwt", jwks: { uri }, issuer, audience: ["strata", "other"], ...more }) as Given

const claims = (more: JWTPayload = {}): JWTPayload => ({
  sub: "alice",
  iss: issuer,
  aud: "strata",
  exp: now() + 600,
  ...more
})

const authenticating = (...providers: ReadonlyArray<Given>) =>
  Effect.gen(function*() {
    const decoded = yield* Schema.decodeEffect(Configuration)({ providers })
    const { authenticate } = yield* Authentication.use((service) => Effect.succeed(service)).pipe(
      Effect.provide(Authentication.layer(decoded.providers).pipe(Layer.provide(NodeServices.layer)))
    )
    return (token: string) =>
      Effect.match(authenticate({ authorization: `Bearer ${token}` } as never), {
        onSuccess: (principal) => principal,
        onFailure: ({ message, reason }) => {
          assert.notInclude(message, token)
          return `${reason}: ${message}`
        }
      })
  })

interface Row {
  readonly name: string
  readonly claims: () => JWTPayload
  readonly expected: string
}

const notAccepted = (claim: string) => `invalid: The token's claim ${claim} is not the one that is accepted here.`
const missing = (claim: string) => `invalid: The token's claim ${claim} is missing.`

const rows: ReadonlyArray<Row> = [
  {
    name: "expired",
    claims: () => claims({ exp: now() - 60 }),
    expected: "expired: The token has expired: get a new one."
  },
  { name: "expired within the tolerance of clocks", claims: () => claims({ exp: now() - 10 }), expected: "alice" },
  { name: "without an end", claims: () => ({ sub: "alice", iss: issuer, aud: "strata" }), expected: missing("exp") },
  { name: "not good yet", claims: () => claims({ nbf: now() + 600 }), expected: notAccepted("nbf") },
  { name: "for another audience", claims: () => claims({ aud: "somebody" }), expected: notAccepted("aud") },
  { name: "for several, one of them this", claims: () => claims({ aud: ["x", "other"] }), expected: "alice" },
  {
    name: "for nobody",
    claims: () => ({ sub: "alice", iss: issuer, exp: now() + 60 }),
    expected: missing("aud")
  },
  { name: "of another issuer", claims: () => claims({ iss: "https://evil.test" }), expected: notAccepted("iss") },
  {
    name: "that names nobody",
    claims: () => ({ iss: issuer, aud: "strata", exp: now() + 60 }),
    expected: "invalid: The token's claim sub is missing: it names who asks."
  },
  {
    name: "that names whom Strata works for itself",
    claims: () => claims({ sub: "system" }),
    expected: "invalid: The token names the principal system, which is what Strata does of itself: nobody may have " +
      "that name. A principal_prefix keeps an issuer's names apart."
  },
  {
    name: "that names an empty principal",
    claims: () => claims({ sub: "" }),
    expected: "invalid: The token's claim sub is missing: it names who asks."
  }
]

const unsigned = "invalid: The token is signed in a way that is not accepted here."

describe("JwtAuthentication", () => {
  it.live("says of each token what it is", () =>
    Effect.gen(function*() {
      const { token, uri } = yield* Issuer.make
      const authenticate = yield* authenticating(jwt(uri))
      for (const { claims, expected, name } of rows) {
        const found = yield* authenticate(yield* token(claims()))
        assert.strictEqual(typeof found === "string" ? found : found.id, expected, name)
      }
    }).pipe(Effect.scoped))

  it.live("refuses what is not signed by the issuer: no algorithm, its public key as a secret, another's key", () =>
    Effect.gen(function*() {
      const { pem, signer, token, uri } = yield* Issuer.make
      const other = yield* Issuer.make
      const authenticate = yield* authenticating(jwt(uri))
      assert.strictEqual(yield* authenticate(new UnsecuredJWT(claims()).encode()), unsigned)
      const secret = new TextEncoder().encode(yield* pem)
      const confused = yield* Effect.promise(() =>
        new SignJWT(claims()).setProtectedHeader({ alg: "HS256", kid: signer().kid }).sign(secret)
      )
      assert.strictEqual(yield* authenticate(confused), unsigned)
      const forged = yield* token(claims(), other.signer(), { kid: signer().kid })
      assert.strictEqual(yield* authenticate(forged), "invalid: The token's signature does not fit.")
      const good = yield* token(claims())
      const [head, , signature] = good.split(".")
      const payload = Buffer.from(JSON.stringify(claims({ sub: "root" }))).toString("base64url")
      assert.strictEqual(
        yield* authenticate(`${head}.${payload}.${signature}`),
        "invalid: The token's signature does not fit."
      )
      assert.strictEqual(yield* authenticate("a.b.c"), "invalid: The token is not understood.")
    }).pipe(Effect.scoped))

  it.live("accepts only the algorithms that are configured", () =>
    Effect.gen(function*() {
      const { rotate, token, uri } = yield* Issuer.make
      const authenticate = yield* authenticating(jwt(uri, { algorithms: ["RS256"] }))
      assert.strictEqual(yield* authenticate(yield* token(claims())), unsigned)
      yield* rotate("RS256")
      const fresh = yield* authenticating(jwt(uri, { algorithms: ["RS256"] }))
      assert.deepInclude(yield* fresh(yield* token(claims())), { id: "alice" })
    }).pipe(Effect.scoped))

  it.live("follows a rotation of keys, and does not ask for them again and again", () =>
    Effect.gen(function*() {
      const { asked, rotate, signer, token, uri } = yield* Issuer.make
      const authenticate = yield* authenticating(jwt(uri, { jwks: { uri, cooldown_ms: 0 } }))
      const old = signer()
      for (let count = 0; count < 5; count++) {
        assert.deepInclude(yield* authenticate(yield* token(claims())), { id: "alice" })
      }
      assert.strictEqual(asked(), 1)
      yield* rotate()
      assert.deepInclude(yield* authenticate(yield* token(claims({ sub: "bob" }))), { id: "bob" })
      assert.strictEqual(asked(), 2)
      assert.strictEqual(
        yield* authenticate(yield* token(claims(), old)),
        "invalid: The token's key is not one of its issuer's."
      )
      const patient = yield* authenticating(jwt(uri))
      assert.deepInclude(yield* patient(yield* token(claims())), { id: "alice" })
      yield* rotate()
      const before = asked()
      for (let count = 0; count < 5; count++) yield* patient(yield* token(claims()))
      assert.strictEqual(asked(), before)
    }).pipe(Effect.scoped))

  it.live("says that the issuer's keys can't be had, which is no fault of the token", () =>
    Effect.gen(function*() {
      const unavailable = "unavailable: The keys of the token's issuer can't be had now. Try again later."
      for (const how of [500, 404, "hang"] as const) {
        const { fail, token, uri } = yield* Issuer.make
        fail(how)
        const authenticate = yield* authenticating(jwt(uri, { jwks: { uri, timeout_ms: 100 } }))
        assert.strictEqual(yield* authenticate(yield* token(claims())), unavailable, String(how))
      }
      const { token } = yield* Issuer.make
      const nowhere = yield* authenticating(jwt("http://127.0.0.1:9/jwks.json"))
      assert.strictEqual(yield* nowhere(yield* token(claims())), unavailable)
    }).pipe(Effect.scoped))

  it.live("fills attributes from claims: lists, words, and what stands inside", () =>
    Effect.gen(function*() {
      const { token, uri } = yield* Issuer.make
      const given = claims({
        groups: ["red", "blue", 7],
        team: "green red",
        roles: "admin  user",
        realm_access: { roles: ["ops"] },
        "a.dotted": ["literal"],
        preferred_username: "Alice A."
      })
      const standard = yield* authenticating(jwt(uri))
      assert.deepStrictEqual(yield* standard(yield* token(given)), {
        id: "alice",
        attributes: { roles: ["admin", "user"], teams: ["red", "blue", "green"] }
      })
      const own = yield* authenticating(jwt(uri, {
        principal_claim: "preferred_username",
        principal_prefix: "corp/",
        claims_mapping: { "realm_access.roles": "roles", "a.dotted": "marks", "nowhere.at.all": "none", sub: "names" }
      }))
      assert.deepStrictEqual(yield* own(yield* token(given)), {
        id: "corp/Alice A.",
        attributes: { roles: ["ops"], marks: ["literal"], names: ["alice"] }
      })
    }).pipe(Effect.scoped))

  it.live("takes the keys from a file: PEM or JWKS", () =>
    Effect.gen(function*() {
      const { pem, rotate, signer, token } = yield* Issuer.make
      const folder = yield* TemporaryFolder.make
      for (const algorithm of ["ES256", "RS256", "EdDSA"]) {
        yield* rotate(algorithm)
        const [pemFile, jwksFile] = [join(folder, "key.pem"), join(folder, "jwks.json")]
        writeFileSync(pemFile, yield* pem)
        writeFileSync(jwksFile, JSON.stringify({ keys: [signer().jwk] }))
        for (const key_file of [pemFile, jwksFile]) {
          const authenticate = yield* authenticating({ type: "jwt", key_file, issuer, audience: "strata" })
          assert.deepInclude(yield* authenticate(yield* token(claims())), { id: "alice" }, `${algorithm} ${key_file}`)
        }
      }
    }).pipe(Effect.scoped))

  const unusable = [
    { name: "is not there", text: undefined, says: "it can't be read. Check server.auth.providers: key_file" },
    { name: "is no key", text: "hello", says: "it is neither a public key in PEM" },
    { name: "is a broken key", text: "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----", says: "it is neither" },
    { name: "is a private key", text: "-----BEGIN PRIVATE KEY-----\nsecret", says: "it holds a private key" }
  ]
  it.live.each(unusable)("says when the file $name", ({ says, text }) =>
    Effect.gen(function*() {
      const file = join(yield* TemporaryFolder.make, "key.pem")
      if (text !== undefined) writeFileSync(file, text)
      const failed = yield* Effect.flip(authenticating({ type: "jwt", key_file: file, issuer, audience: "strata" }))
      assert.include(failed.message, `The key file ${file} can't be used: ${says}`)
      assert.notInclude(failed.message, "secret")
    }).pipe(Effect.scoped))

  it.live("tries every key that fits a token which names none", () =>
    Effect.gen(function*() {
      const { rotate, signer, token } = yield* Issuer.make
      const first = signer()
      const second = yield* rotate()
      const stranger = yield* rotate()
      const file = join(yield* TemporaryFolder.make, "jwks.json")
      writeFileSync(file, JSON.stringify({ keys: [first.jwk, second.jwk] }))
      const authenticate = yield* authenticating({ type: "jwt", key_file: file, issuer, audience: "strata" })
      for (const signer of [first, second]) {
        assert.deepInclude(yield* authenticate(yield* token(claims(), signer, {})), { id: "alice" })
      }
      assert.strictEqual(
        yield* authenticate(yield* token(claims(), stranger, {})),
        "invalid: The token's signature does not fit."
      )
    }).pipe(Effect.scoped))

  it.live("goes by the clock it is given", () =>
    Effect.gen(function*() {
      const { token, uri } = yield* Issuer.make
      const authenticate = yield* authenticating(jwt(uri))
      const clock = Clock.Clock.defaultValue()
      const currentTimeMillisUnsafe = () => clock.currentTimeMillisUnsafe() + 3_600_000
      const later = { ...clock, currentTimeMillisUnsafe, currentTimeMillis: Effect.sync(currentTimeMillisUnsafe) }
      assert.include(
        yield* Effect.provideService(authenticate(yield* token(claims())), Clock.Clock, later),
        "expired: "
      )
    }).pipe(Effect.scoped))

  it.live("stands beside keys and other issuers: the one that knows the credential decides", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* Issuer.make, yield* Issuer.make]
      const second = { ...jwt(other.uri), issuer: "https://second.test" } as Given
      const strata = yield* Strata.make({
        auth: { providers: [Keys.provider({ carol: {} }), jwt(one.uri), second] }
      })
      const ask = (credential: string) =>
        Http.send(strata.url, "/v1/models", { headers: { authorization: `Bearer ${credential}` } })
      const tokens = [
        yield* one.token(claims({ sub: "alice", groups: ["red"] })),
        yield* other.token(claims({ sub: "bob", iss: "https://second.test" }))
      ]
      for (const credential of [Keys.keyOf("carol"), ...tokens]) {
        assert.strictEqual((yield* ask(credential)).status, 200)
      }
      const asked = yield* strata.events({ types: ["api:request"] })
      assert.deepStrictEqual(asked.map(({ principal }) => principal), ["carol", "alice", "bob"])
      assert.deepInclude(Object(payloadOf(asked[1]!)), { principal_attributes: { teams: ["red"] } })

      const crossed = yield* ask(yield* other.token(claims()))
      assert.deepStrictEqual([crossed.status, Object(crossed.json).error.code], [401, "invalid_api_key"])
      const expired = yield* ask(yield* one.token(claims({ exp: now() - 60 })))
      assert.deepStrictEqual([expired.status, Object(expired.json).error.code], [401, "expired_token"])
      one.fail(500)
      yield* one.rotate()
      const events = JSON.stringify(yield* strata.events())
      for (const token of tokens) assert.notInclude(events, token)
    }).pipe(Effect.scoped))

  it.live("answers 503 where the issuer's keys can't be had", () =>
    Effect.gen(function*() {
      const { fail, token, uri } = yield* Issuer.make
      fail(500)
      const strata = yield* Strata.make({ auth: { providers: [jwt(uri)] } })
      const headers = { authorization: `Bearer ${yield* token(claims())}` }
      const answer = yield* Http.send(strata.url, "/v1/models", { headers })
      assert.deepStrictEqual([answer.status, Object(answer.json).error.code], [503, "authentication_unavailable"])
      assert.isUndefined(answer.headers["www-authenticate"])
    }).pipe(Effect.scoped))
})
