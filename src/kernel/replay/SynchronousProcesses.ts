/**
 * Tells of the processes that code waits for without leaving the event loop: Node publishes none of these. While somebody
 * watches, the functions of node:child_process publish what they run, and do the same as ever.
 *
 * Not seen: who has taken such a function out of `require("node:child_process")` before. What is imported is.
 */
import childProcess from "node:child_process"
import * as diagnostics from "node:diagnostics_channel"
import { syncBuiltinESMExports } from "node:module"

/** Its messages have the command and what it is given. */
export const channelName = "strata:child_process.synchronous"

const channel = diagnostics.channel(channelName)

const names = ["execFileSync", "execSync", "spawnSync"] as const

type AnyFunction = (...parameters: ReadonlyArray<unknown>) => unknown
type Functions = Record<typeof names[number], AnyFunction>

const functions = childProcess as unknown as Functions
let watchers = 0
let original: Functions | undefined

/** `execSync` has all of it in one text. */
const publishing = (run: AnyFunction): AnyFunction =>
  function(this: unknown, ...parameters) {
    const [file, args] = parameters
    channel.publish({ command: [file, ...Array.isArray(args) ? args : []].join(" ") })
    return Reflect.apply(run, this, parameters)
  }

export const watch = (): void => {
  if (watchers++ > 0) return
  const { execFileSync, execSync, spawnSync } = functions
  original = { execFileSync, execSync, spawnSync }
  for (const name of names) functions[name] = publishing(original[name])
  syncBuiltinESMExports()
}

/** As often as `watch`: the last puts back what was there. */
export const unwatch = (): void => {
  if (--watchers > 0 || original === undefined) return
  Object.assign(functions, original)
  original = undefined
  syncBuiltinESMExports()
}
