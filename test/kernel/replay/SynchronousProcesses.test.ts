/** A process that is waited for is published while somebody watches, however many do, and not before or after. */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync, execSync, spawnSync } from "node:child_process"
import * as diagnostics from "node:diagnostics_channel"
import * as SynchronousProcesses from "../../../src/kernel/replay/SynchronousProcesses.ts"

const published = (run: () => void): ReadonlyArray<unknown> => {
  const commands: Array<unknown> = []
  const listen = (message: unknown) => void commands.push(Object(message).command)
  diagnostics.subscribe(SynchronousProcesses.channelName, listen)
  run()
  diagnostics.unsubscribe(SynchronousProcesses.channelName, listen)
  return commands
}

const runAll = () => {
  spawnSync("true", ["a", "b"])
  spawnSync("true")
  execFileSync("true", ["c"])
  execSync("true d")
}

describe("SynchronousProcesses", () => {
  it("publishes what is run from the first who watches to the last", () => {
    const all = ["true a b", "true", "true c", "true d"]
    assert.deepStrictEqual(published(runAll), [])
    SynchronousProcesses.watch()
    SynchronousProcesses.watch()
    assert.deepStrictEqual(published(runAll), all)
    SynchronousProcesses.unwatch()
    assert.deepStrictEqual(published(runAll), all)
    SynchronousProcesses.unwatch()
    assert.deepStrictEqual(published(runAll), [])
  })

  it("gives what is run back as it is, and throws what it throws", () => {
    SynchronousProcesses.watch()
    try {
      assert.strictEqual(execFileSync("echo", ["1"], { encoding: "utf8" }), "1\n")
      assert.strictEqual(spawnSync("false").status, 1)
      assert.throws(() => execSync("exit 3", { stdio: "ignore" }), /exit 3/)
    } finally {
      SynchronousProcesses.unwatch()
    }
  })
})
