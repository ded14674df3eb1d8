/** Which addresses are of this machine and its network. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as PublicAddresses from "../../../src/kernel/client/PublicAddresses.ts"

const resolve = (name: string) =>
  Effect.runPromise(
    Effect.callback<unknown>((resume) =>
      void PublicAddresses.lookup(name, { all: true }, (error, addresses) => resume(Effect.succeed(error ?? addresses)))
    )
  )

describe("an address", () => {
  it.each([
    "127.0.0.1",
    "127.8.9.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:a00:1",
    "fe80::1",
    "fd00:ec2::254",
    "64:ff9b::a00:1",
    "::ffff:0:a00:1",
    "2001:0:a00:1::",
    "2002:a00:1::",
    "[::1]"
  ])("%s is of here", (address) => assert.isTrue(PublicAddresses.isOfHere(address)))

  it.each(["1.1.1.1", "172.32.0.1", "100.128.0.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1"])(
    "%s is public",
    (address) => assert.isFalse(PublicAddresses.isOfHere(address))
  )

  it("is looked at when a name stands for it", () =>
    resolve("localhost").then((error) => {
      assert.instanceOf(error, PublicAddresses.AddressRefused)
      assert.strictEqual(PublicAddresses.refusalIn(new Error("connect", { cause: error })), error)
    }))
})
