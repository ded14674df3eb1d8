/** Tokens come and go: those in use are masked, and the list of them does not grow. */
import { assert, describe, it } from "@effect/vitest"
import { Secrets } from "../../../src/events/redaction/Secrets.ts"
import * as RotatingSecret from "../../../src/kernel/authentication/RotatingSecret.ts"

describe("RotatingSecret", () => {
  it("masks the last and the one before it", () => {
    const secrets = new Secrets()
    const isSecret = RotatingSecret.make(secrets)
    for (const token of ["token-1111", "token-2222", "token-2222", "token-3333"]) isSecret(token)
    assert.strictEqual(secrets.mask("token-1111 token-2222 token-3333"), "token-1111 [REDACTED] [REDACTED]")
  })
})
