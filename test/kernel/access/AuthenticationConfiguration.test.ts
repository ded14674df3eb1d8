/** The sections `server.auth` and `server.quota`: defaults, and what a person reads when they are wrong. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"

const environment = ConfigProvider.layer(ConfigProvider.fromEnvRecord({ HASH: "ab".repeat(32), LIMIT: "7" }))
const parse = (text: string) => ConfigurationFile.parse(text, "strata.yaml").pipe(Effect.provide(environment))
const server = (text: string) => Effect.map(parse(`server:\n${text}`), ({ configuration }) => configuration.server)

const auth = (provider: string) => `  auth: { providers: [${provider}] }`
const sha = "ab".repeat(32)
const other = "cd".repeat(32)
const place = "server.auth.providers[0]"
const key = "sk-strata-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"

const bad: ReadonlyArray<readonly [name: string, text: string, ...issues: ReadonlyArray<string>]> = [
  [
    "a section that protects nothing",
    "  auth: {}",
    "server.auth: it protects nothing: name providers, an access_policy or a route_policy, or leave the key out"
  ],
  [
    "an unknown type",
    auth("{ type: ldap }"),
    `${place}: expected a mapping with type: api_keys or type: jwt, got a mapping`
  ],
  ["no keys", auth("{ type: api_keys }"), `${place}.keys: missing: strata keys create makes the first`],
  [
    "a key where its hash should stand, without showing it",
    auth(`{ type: api_keys, keys: [{ id: a, sha256: ${key} }] }`),
    `${place}.keys[0].sha256: expected the SHA-256 of the key, 64 hexadecimal digits, as strata keys create prints it, got a string`
  ],
  [
    "a key without name and hash",
    auth("{ type: api_keys, keys: [{}] }"),
    `${place}.keys[0].id: missing: name this key, for example id: alice-laptop`,
    `${place}.keys[0].sha256: missing: strata keys create prints it with a new key`
  ],
  [
    "the same key twice",
    auth(`{ type: api_keys, keys: [{ id: a, sha256: ${sha} }, { id: b, sha256: ${sha.toUpperCase()} }] }`),
    `${place}.keys[1].sha256: the same sha256 as entry [0]: give each key its own`
  ],
  [
    "a key of whom Strata works for itself, by its name or by its principal",
    auth(`{ type: api_keys, keys: [{ id: system, sha256: ${sha} }, { id: b, sha256: ${other}, principal: system }] }`),
    `${place}.keys[0].id: system is what Strata does of itself: choose another name`,
    `${place}.keys[1].principal: system is what Strata does of itself: choose another name`
  ],
  [
    "attributes that are no lists",
    auth(`{ type: api_keys, keys: [{ id: a, sha256: ${sha}, attributes: { roles: admin } }] }`),
    `${place}.keys[0].attributes.roles: expected a list of texts, got a string`
  ],
  [
    "a token without issuer, audience and keys",
    auth("{ type: jwt }"),
    `${place}.issuer: missing: a token is good only of the issuer you name`,
    `${place}.audience: missing: name this server as the issuer does: else tokens for others are good`
  ],
  [
    "neither jwks nor key_file",
    auth("{ type: jwt, issuer: i, audience: a }"),
    `${place}: name either jwks, where the issuer publishes its keys, or key_file`
  ],
  [
    "both",
    auth("{ type: jwt, issuer: i, audience: a, key_file: k, jwks: { uri: 'https://x/y' } }"),
    `${place}: name either jwks, where the issuer publishes its keys, or key_file`
  ],
  [
    "keys of a file",
    auth("{ type: jwt, issuer: i, audience: a, jwks: { uri: 'file:///x' } }"),
    `${place}.jwks.uri: expected a URL that begins with https:// or http://, got "file:///x"`
  ],
  [
    "algorithms that need the signing key itself, or none",
    auth("{ type: jwt, issuer: i, audience: a, key_file: k, algorithms: [HS256, none] }"),
    ...["HS256", "none"].map((name, index) =>
      `${place}.algorithms[${index}]: expected RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA, got "${name}"`
    )
  ],
  [
    "a quota of nothing, and an unknown period",
    "  quota: { authenticated_max_requests: 0, period: week }",
    "server.quota.authenticated_max_requests: expected a whole number from 1 to 1000000000, got 0",
    "server.quota.period: expected minute, hour or day, got \"week\""
  ]
]

describe("server.auth and server.quota", () => {
  it.effect.each(bad)("refuse %s", ([, text, ...issues]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(server(text))
      assert.deepStrictEqual(error.message.split("\n").slice(1).map((line) => line.trim()), issues)
      assert.notInclude(error.message, key)
    }))

  it.effect("are left out by default: everyone is anonymous, nothing is counted", () =>
    Effect.gen(function*() {
      const { configuration } = yield* parse("")
      assert.notProperty(configuration.server, "auth")
      assert.notProperty(configuration.server, "quota")
    }))

  it.effect("have defaults", () =>
    Effect.gen(function*() {
      const { auth: found, quota } = yield* server(
        `${auth("{ type: api_keys, keys: [{ id: a, sha256: \"${env.HASH}\" }] }")}\n` +
          "  quota: { anonymous_max_requests: \"${env.LIMIT}\" }"
      )
      assert.deepStrictEqual<unknown>(found, {
        providers: [{ type: "api_keys", keys: [{ id: "a", sha256: sha, attributes: {} }] }],
        access_policy: [],
        route_policy: []
      })
      assert.deepStrictEqual(quota, { authenticated_max_requests: 1000, anonymous_max_requests: 7, period: "day" })
    }))
})
