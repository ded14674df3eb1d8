/** What `server.allowed_hosts` may say. */
import { assert, describe, it } from "@effect/vitest"
import { problem } from "../../../src/kernel/configuration/AllowedHosts.ts"

describe("server.allowed_hosts", () => {
  for (
    const name of ["strata", "gateway.example.com", "host_1.internal.", "192.0.2.1", "2001:db8::1", "[2001:db8::1]"]
  ) {
    it(`takes ${name}`, () => assert.isUndefined(problem(name)))
  }

  const refused: ReadonlyArray<readonly [written: string, says: string]> = [
    ["*", "DNS rebinding"],
    ["*.example.com", "write each name in full"],
    ["strata:8321", "write only the name: strata;"],
    ["https://strata.example.com/", "write only the name: strata.example.com;"],
    ["http://[::1]:8321", "write only the name: [::1];"],
    ["two names", "write a name or an address"],
    [".example.com", "write a name or an address"]
  ]
  for (const [written, says] of refused) it(`refuses ${written}`, () => assert.include(problem(written), says))
})
