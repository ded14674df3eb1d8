/** What a line of a chat asks for. */
import { assert, describe, it } from "@effect/vitest"
import * as ChatLine from "../../src/cli/ChatLine.ts"

describe("a line of a chat", () => {
  it.each([
    ["  hello there ", { _tag: "Ask", text: "hello there" }],
    ["", { _tag: "Nothing" }],
    ["//etc/hosts", { _tag: "Ask", text: "/etc/hosts" }],
    ["/fork 12", { _tag: "Command", name: "fork", argument: "12" }],
    ["/tools a, b", { _tag: "Command", name: "tools", argument: "a, b" }],
    ["/quit", { _tag: "Command", name: "quit", argument: "" }]
  ])("%j", (line, parsed) => assert.deepStrictEqual<unknown>(ChatLine.parse(line), parsed))

  it.each(["/", "/modle x", "/constructor", "/__proto__"])(
    "%s is no command, and those there are, are named",
    (line) => {
      const parsed = ChatLine.parse(line)
      assert.strictEqual(parsed._tag, "Wrong")
      if (parsed._tag === "Wrong") assert.include(parsed.message, "cancel, continue, cost")
    }
  )
})
