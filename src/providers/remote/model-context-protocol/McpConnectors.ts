/** How the servers of a configuration are reached: as a child, or over streamable HTTP. */
// @effect-diagnostics processEnv:off
import type { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { Effect, Record, Redacted } from "effect"
import type { ToolHeaders } from "../../../apis/tool-runtime/ToolRuntime.ts"
import type { Config } from "./McpConfig.ts"
import type { Connector } from "./McpSession.ts"

/** What a child gets of Strata's environment. */
const inherited = ["HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"]
const inheritedOnWindows = [
  "APPDATA",
  "HOMEDRIVE",
  "HOMEPATH",
  "LOCALAPPDATA",
  "PATH",
  "PROCESSOR_ARCHITECTURE",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "TEMP",
  "USERNAME",
  "USERPROFILE",
  "PROGRAMFILES"
]

const environmentOf = (own: Config["env"]): Record<string, string> => {
  const names = process.platform === "win32" ? inheritedOnWindows : inherited
  const base = names.flatMap((name) => {
    const value = process.env[name]
    // Functions of a shell are programs.
    return value === undefined || value.startsWith("()") ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(base), ...Record.map(own, Redacted.value) }
}

/** Lines of stderr that are logged in a minute: a server that writes without end fills no disk. */
const linesAMinute = 100

const logger = (provider: string, run: (effect: Effect.Effect<void>) => unknown) => {
  let [minute, count] = [0, 0]
  return (line: string) => {
    const now = Math.floor(performance.now() / 60_000)
    if (now !== minute) [minute, count] = [now, 0]
    if (line.trim() === "" || count > linesAMinute) return
    count++
    run(
      Effect.logInfo(
        count > linesAMinute ? `${provider}: writes more to stderr than is logged` : `${provider}: ${line}`
      )
    )
  }
}

export const stdio = (
  provider: string,
  { args, cwd, env, max_message_bytes }: Config,
  command: string
): Connector => ({
  transport: Effect.gen(function*() {
    const run = Effect.runForkWith(yield* Effect.context<never>())
    const [{ StdioTransport }, { deserializeMessage }] = yield* Effect.promise(() =>
      Promise.all([import("./StdioTransport.ts"), import("@modelcontextprotocol/sdk/shared/stdio.js")])
    )
    const transport = new StdioTransport({
      command,
      args,
      cwd,
      env: environmentOf(env),
      maxMessageBytes: max_message_bytes,
      parse: deserializeMessage,
      onStderr: logger(provider, run)
    })
    yield* Effect.addFinalizer(() => Effect.promise(() => transport.close()))
    return transport as Transport
  }),
  leave: () => Effect.void
})

export interface HttpServer {
  readonly url: string
  readonly headers: ToolHeaders
  readonly allowPrivate: boolean
}

export const http = (
  { connect_timeout_ms, max_message_bytes }: Config,
  { allowPrivate, headers, url }: HttpServer
): Connector => ({
  transport: Effect.gen(function*() {
    const [BoundedFetch, { StreamableHTTPClientTransport }] = yield* Effect.promise(() =>
      Promise.all([import("./BoundedFetch.ts"), import("@modelcontextprotocol/sdk/client/streamableHttp.js")])
    )
    const bounded = yield* Effect.acquireRelease(
      Effect.sync(() =>
        BoundedFetch.make({
          allowPrivate,
          connectTimeoutMs: connect_timeout_ms,
          maxMessageBytes: max_message_bytes
        })
      ),
      ({ close }) => Effect.promise(close)
    )
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      fetch: bounded.fetch,
      requestInit: { headers: Record.map(headers, Redacted.value) }
    })
    return transport as unknown as Transport
  }),
  // A server keeps a session until it is told that it is over.
  leave: (transport) =>
    Effect.ignore(
      Effect.timeout(
        Effect.tryPromise(() => (transport as unknown as StreamableHTTPClientTransport).terminateSession()),
        "1 second"
      )
    )
})
