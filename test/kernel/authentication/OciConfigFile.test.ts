/** The configuration file of Oracle's tools is read as they read it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import * as OciConfigFile from "../../../src/kernel/authentication/OciConfigFile.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const text = `# of two
[DEFAULT]
user=ocid1.user.a
region = eu-frankfurt-1
[work]
user = ocid1.user.b
; a comment
key_file=~/.oci/key.pem
`

const given = Effect.gen(function*() {
  const file = join(yield* TemporaryFolder.make, "config")
  writeFileSync(file, text)
  return file
})

describe("OciConfigFile", () => {
  it.live("has a profile, and of DEFAULT what that lacks", () =>
    Effect.gen(function*() {
      const file = yield* given
      assert.deepStrictEqual(yield* OciConfigFile.profile(file, "work"), {
        user: "ocid1.user.b",
        region: "eu-frankfurt-1",
        key_file: "~/.oci/key.pem"
      })
    }).pipe(Effect.scoped))

  it.live("says which field to check where it, or the profile, is not there", () =>
    Effect.gen(function*() {
      const file = yield* given
      assert.include((yield* Effect.flip(OciConfigFile.profile(file, "none"))).message, "check oci_config_profile")
      assert.include((yield* Effect.flip(OciConfigFile.profile(`${file}.none`, "x"))).message, "oci_config_file_path")
    }).pipe(Effect.scoped))

  it("names files by its own place, or by the home of who runs the server", () => {
    assert.strictEqual(OciConfigFile.besides("/etc/oci/config", "key.pem"), "/etc/oci/key.pem")
    assert.strictEqual(OciConfigFile.besides("/etc/oci/config", "~/key.pem"), join(homedir(), "key.pem"))
  })
})
