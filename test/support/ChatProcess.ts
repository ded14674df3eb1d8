/** `strata chat` in a process of its own, with somebody who types. */
import { Clock, Deferred, Effect } from "effect"
import { spawn } from "node:child_process"
import { dirname } from "node:path"
import * as StrataProcess from "./StrataProcess.ts"

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const inTime = <A>(effect: Effect.Effect<A>, describe: () => string): Effect.Effect<A> =>
  effect.pipe(
    Effect.timeoutOrElse({ duration: "20 seconds", orElse: () => Effect.die(new Error(describe())) }),
    Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())
  )

/** Killed at the latest when the test ends. */
export const start = Effect.fnUntraced(
  function*(args: ReadonlyArray<string>, url: string, environment: Readonly<Record<string, string>> = {}) {
    const ended = yield* Deferred.make<Ended>()
    const output = { stdout: "", stderr: "" }
    const listeners = new Set<() => void>()
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, [StrataProcess.command, "chat", ...args], {
          env: { PATH: dirname(process.execPath), STRATA_URL: url, ...environment },
          stdio: "pipe"
        })
      ),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const changed = () => {
      for (const listener of listeners) listener()
    }
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text
        changed()
      })
    }
    child.once("close", (code) => {
      Deferred.doneUnsafe(ended, Effect.succeed({ code, ...output }))
      changed()
    })
    const describe = (what: string) => `strata chat: ${what}\n${output.stdout}\n${output.stderr}`

    return {
      output,
      type: (text: string) => Effect.sync(() => void child.stdin.write(`${text}\n`)),
      leave: Effect.sync(() => void child.stdin.end()),
      interrupt: Effect.sync(() => void child.kill("SIGINT")),
      /** Waits until what was printed says it. */
      printed: (text: string) =>
        inTime(
          Effect.callback<void>((resume) => {
            const check = () => {
              if (output.stdout.includes(text)) resume(Effect.void)
              else if (Deferred.isDoneUnsafe(ended)) resume(Effect.die(new Error(describe(`ended without ${text}`))))
              else return
              listeners.delete(check)
            }
            listeners.add(check)
            check()
            return Effect.sync(() => void listeners.delete(check))
          }),
          () => describe(`did not print ${text}`)
        ),
      ended: inTime(Deferred.await(ended), () => describe("did not end"))
    }
  }
)

/** Asks one question by a pipe. */
export const ask = (question: string, args: ReadonlyArray<string>, url: string, environment = {}) =>
  Effect.scoped(Effect.gen(function*() {
    const chat = yield* start(args, url, environment)
    yield* chat.type(question)
    yield* chat.leave
    return yield* chat.ended
  }))
