/** Under which names a server answers. */
import { assert, describe, it } from "@effect/vitest"
import * as HostGuard from "../../src/server/HostGuard.ts"

interface Case {
  readonly host: string
  readonly allowed?: ReadonlyArray<string>
  readonly answers: ReadonlyArray<string>
  readonly refuses: ReadonlyArray<string>
}

const loopback = [
  "localhost",
  "LOCALHOST:8321",
  "localhost.:8321",
  "127.0.0.1:1",
  "127.1.2.3",
  "[::1]:8321",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]:8321",
  "strata.localhost:8321"
]
const strange = [
  "evil.example",
  "evil.example:8321",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "evillocalhost",
  "127.0.0.1@evil.example",
  "[::2]",
  "",
  ":8321",
  "127.0.0.1:8321:evil.example",
  "127.0.0.1, evil.example"
]

const cases: ReadonlyArray<Case> = [
  { host: "127.0.0.1", answers: loopback, refuses: [...strange, "192.0.2.1:8321", "0.0.0.0:8321", "strata"] },
  {
    host: "0.0.0.0",
    answers: [...loopback, "192.0.2.1:8321", "[2001:db8::1]:8321", "0.0.0.0"],
    refuses: [...strange.filter((each) => each !== "[::2]"), "strata"]
  },
  { host: "::", answers: [...loopback, "192.0.2.1", "[2001:db8::1]"], refuses: ["strata"] },
  { host: "2001:db8::1", answers: [...loopback, "[2001:DB8::1]:8321"], refuses: ["[2001:db8::2]"] },
  {
    host: "Strata.internal",
    answers: [...loopback, "strata.internal:8321"],
    refuses: [...strange, "x.strata.internal"]
  },
  {
    host: "127.0.0.1",
    allowed: ["Gateway.example.com", "2001:db8::1", "[2001:db8::2]"],
    answers: [...loopback, "gateway.example.com", "GATEWAY.example.com.:443", "[2001:db8::1]", "[2001:db8::2]:1"],
    refuses: [...strange, "example.com", "a.gateway.example.com"]
  }
]

describe("the guard of the header Host", () => {
  for (const { allowed = [], answers, host, refuses } of cases) {
    it(`of a server on ${host}, told ${allowed.join(", ") || "no name"}`, () => {
      const guard = HostGuard.make({ host, allowedHosts: allowed })
      for (const header of answers) assert.isUndefined(guard(header), header)
      for (const header of refuses) assert.deepInclude(guard(header), { kind: "host", status: 421 }, header)
    })
  }

  it("lets through who names no host: no browser does", () => {
    assert.isUndefined(HostGuard.make({ host: "127.0.0.1", allowedHosts: [] })(undefined))
  })

  it("says what to set", () => {
    const reasonOf = (host: string, header: string) => HostGuard.make({ host, allowedHosts: [] })(header)?.reason
    assert.strictEqual(
      reasonOf("127.0.0.1", "gateway:80"),
      "This server is not known as \"gateway\". It answers to localhost, to what --host says and to the names it is " +
        "told. If this name is its own, also where a proxy stands in front, set server.allowed_hosts: [gateway], or " +
        "start it with --allowed-hosts gateway."
    )
    assert.include(reasonOf("0.0.0.0", "gateway"), "It listens on 0.0.0.0: it answers to addresses, to localhost and")
    assert.isBelow(reasonOf("0.0.0.0", "x".repeat(10_000))?.length ?? 0, 1500)
  })
})
