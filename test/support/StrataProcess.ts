/** The `strata` command in a process of its own: started, watched, and killed at the latest when the test ends. */
import { Clock, Deferred, Effect } from "effect"
import type { Scope } from "effect"
import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface StrataProcess {
  readonly pid: number
  /** All it has printed so far. */
  readonly output: { readonly stdout: string; readonly stderr: string }
  /** Waits until what it printed to stdout matches; dies when it ends before. */
  readonly printed: (pattern: RegExp) => Effect.Effect<RegExpExecArray>
  readonly ended: Effect.Effect<Ended>
  /** Sends the signal, to the whole group as a terminal's Ctrl-C does, and waits until the process has ended. */
  readonly kill: (signal: NodeJS.Signals, to?: "process" | "group") => Effect.Effect<Ended>
}

export interface StrataServer extends StrataProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly data: string
}

export interface StartOptions {
  /** Its working and home folder. */
  readonly folder: string
  /** All of its environment; nothing of the test's own gets through. */
  readonly environment?: Readonly<Record<string, string>>
  /** The Node that starts the command; default: the one that runs the test. */
  readonly runtime?: string
  readonly script?: string
}

export interface ServeOptions extends StartOptions {
  /** Text of the configuration file; none: what is found on the machine. */
  readonly configuration?: string
  /** Default 0, any free one. */
  readonly port?: number
  /** Default `data` in the folder. */
  readonly data?: string
}

export const command = fileURLToPath(new URL("../../bin/strata.js", import.meta.url))

/** Longest wait for anything a process is to do. */
const patience = "28 seconds"

const alive = new Set<() => void>()
process.once("exit", () => {
  for (const kill of alive) kill()
})

/** Processes live in real time, also under a test's clock. */
const inTime = <A>(effect: Effect.Effect<A>, describe: () => string): Effect.Effect<A> =>
  effect.pipe(
    Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.die(new Error(describe())) }),
    Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())
  )

export const start = Effect.fnUntraced(
  function*(args: ReadonlyArray<string>, options: StartOptions): Effect.fn.Return<StrataProcess, never, Scope.Scope> {
    const { environment, folder, runtime = process.execPath, script = command } = options
    const ended = yield* Deferred.make<Ended>()
    const listeners = new Set<() => void>()
    const output = { stdout: "", stderr: "" }
    const describe = (text: string) => `strata ${args.join(" ")}: ${text}\n${output.stdout}\n${output.stderr}`

    const child = yield* Effect.acquireRelease(
      Effect.sync(() => {
        // A group of its own: a runtime that was handed over to is killed too.
        const child = spawn(runtime, [script, ...args], {
          cwd: folder,
          env: { PATH: dirname(process.execPath), HOME: folder, ...environment },
          stdio: ["ignore", "pipe", "pipe"],
          detached: true
        })
        const kill = (signal: NodeJS.Signals = "SIGKILL") => signalGroup(child.pid, signal)
        alive.add(kill)
        child.once("close", () => alive.delete(kill))
        return { kill, node: child }
      }),
      ({ kill }) => Effect.sync(() => alive.has(kill) && kill())
    )

    for (const name of ["stdout", "stderr"] as const) {
      child.node[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text
        for (const listener of listeners) listener()
      })
    }
    child.node.once("close", (code, signal) => {
      Deferred.doneUnsafe(ended, Effect.succeed({ code, signal, ...output }))
      for (const listener of listeners) listener()
    })

    const printed = (pattern: RegExp) =>
      inTime(
        Effect.callback<RegExpExecArray>((resume) => {
          const look = () => {
            const found = pattern.exec(output.stdout)
            if (found === null && !Deferred.isDoneUnsafe(ended)) return
            listeners.delete(look)
            resume(found === null ? Effect.die(new Error(describe(`ended without ${pattern}`))) : Effect.succeed(found))
          }
          listeners.add(look)
          look()
          return Effect.sync(() => void listeners.delete(look))
        }),
        () => describe(`did not print ${pattern} within ${patience}`)
      )

    const awaitEnd = inTime(Deferred.await(ended), () => describe(`did not end within ${patience}`))
    return {
      pid: child.node.pid ?? 0,
      output,
      printed,
      ended: awaitEnd,
      kill: (signal, to = "process") =>
        Effect.andThen(Effect.sync(() => to === "process" ? child.node.kill(signal) : child.kill(signal)), awaitEnd)
    }
  }
)

const signalGroup = (pid: number | undefined, signal: NodeJS.Signals) => {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // All of it has ended.
  }
}

/** Runs a command to its end. */
export const run = (args: ReadonlyArray<string>, options: StartOptions): Effect.Effect<Ended> =>
  Effect.scoped(Effect.flatMap(start(args, options), ({ ended }) => ended))

const dataOf = ({ data, folder }: ServeOptions) => data ?? join(folder, "data")

/** The arguments of `strata serve`; the configuration is written to the folder. */
export const serveArguments = (options: ServeOptions): ReadonlyArray<string> => {
  const { configuration, folder, port = 0 } = options
  const file = join(folder, "strata.yaml")
  if (configuration !== undefined) writeFileSync(file, configuration)
  const named = configuration === undefined ? [] : ["--config", file]
  return ["serve", "--port", String(port), "--data", dataOf(options), ...named]
}

/** To its end; a line of the log may stand behind it. */
const banner = /API +(http:\S+)\/v1[^]*\n\n(?:$|\[\d)/

/** Waits until the banner is there. */
export const ready = (started: StrataProcess, data: string): Effect.Effect<StrataServer> =>
  Effect.map(started.printed(banner), ([, url = ""]) => ({ ...started, url, data }))

/** A server that is ready. */
export const serve = (options: ServeOptions): Effect.Effect<StrataServer, never, Scope.Scope> =>
  Effect.flatMap(start(serveArguments(options), options), (started) => ready(started, dataOf(options)))
