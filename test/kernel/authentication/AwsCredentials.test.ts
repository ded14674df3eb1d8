/** Whose keys sign: the configured ones, those of a profile, or those the machine has. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as AwsCredentials from "../../../src/kernel/authentication/AwsCredentials.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const keys = { aws_access_key_id: Redacted.make("AKID"), aws_secret_access_key: Redacted.make("secret-key") }

/** The library reads the process's own environment. */
const inEnvironment = (env: Readonly<Record<string, string>>) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const before = { ...process.env }
      Object.assign(process.env, env)
      return before
    }),
    () => effect,
    (before) =>
      Effect.sync(() => {
        for (const name of Object.keys(env)) {
          if (before[name] === undefined) delete process.env[name]
          else process.env[name] = before[name]
        }
      })
  )

describe("AwsCredentials", () => {
  it.effect("are the configured ones", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* AwsCredentials.make(keys), { accessKeyId: "AKID", secretAccessKey: "secret-key" })
      const session = { ...keys, aws_session_token: Redacted.make("token") }
      assert.strictEqual((yield* AwsCredentials.make(session)).sessionToken, "token")
    }))

  it.effect("are refused by halves", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(AwsCredentials.make({ aws_access_key_id: Redacted.make("AKID") }))
      assert.strictEqual(message, "aws_secret_access_key is missing: set both keys, or neither")
    }))

  it.live("are a profile's, of the shared files", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const file = join(folder, "credentials")
      writeFileSync(file, "[work]\naws_access_key_id = AKWORK\naws_secret_access_key = of-work\n")
      const asked = inEnvironment({ AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: join(folder, "none") })
      const given = yield* asked(AwsCredentials.make({ profile_name: "work" }))
      assert.deepInclude(given, { accessKeyId: "AKWORK", secretAccessKey: "of-work" })
    }).pipe(Effect.scoped))

  it.live("are what the default chain finds, or a line that says what to set", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const files = {
        AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
        AWS_CONFIG_FILE: join(folder, "none"),
        AWS_EC2_METADATA_DISABLED: "true"
      }
      const found = inEnvironment({ ...files, AWS_ACCESS_KEY_ID: "AKENV", AWS_SECRET_ACCESS_KEY: "of-env" })
      assert.deepInclude(yield* found(AwsCredentials.make({})), { accessKeyId: "AKENV", secretAccessKey: "of-env" })
      const { message } = yield* Effect.flip(inEnvironment(files)(AwsCredentials.make({})))
      assert.match(message, /^no AWS credentials: .+ Set aws_access_key_id and aws_secret_access_key/)
    }).pipe(Effect.scoped))

  it("are explicit where the configuration says whose they are", () => {
    assert.isTrue(AwsCredentials.isExplicit(keys))
    assert.isTrue(AwsCredentials.isExplicit({ profile_name: "work" }))
    assert.isFalse(AwsCredentials.isExplicit({ aws_access_key_id: Redacted.make(""), profile_name: "" }))
  })
})
