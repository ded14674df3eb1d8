/** An MCP server as a provider has it: connected when it is wanted, and again when it has ended, ever more slowly. */
import { Clock, Effect, Exit, Scope, Semaphore } from "effect"
import type { ProviderTool } from "../../../kernel/tools/ToolDefinition.ts"
import { ToolCallFailed } from "../../../kernel/tools/ToolFailure.ts"
import type { Connector, Limits, McpSession } from "./McpSession.ts"
import * as Session from "./McpSession.ts"

/** The wait after the first failure, and the longest, milliseconds. */
const firstWaitMs = 500
const longestWaitMs = 60_000

export interface McpServer {
  /** Runs with a connection that works. */
  readonly use: <A, E>(work: (session: McpSession) => Effect.Effect<A, E>) => Effect.Effect<A, E | ToolCallFailed>
  readonly tools: Effect.Effect<ReadonlyArray<ProviderTool>, ToolCallFailed>
  /** Fails with why it does not work. */
  readonly health: Effect.Effect<void, ToolCallFailed>
}

interface Open {
  readonly session: McpSession
  readonly scope: Scope.Closeable
}

/** Until the scope closes. Nothing is started before it is used. */
export const make = Effect.fnUntraced(function*(provider: string, connector: Connector, limits: Limits) {
  const outer = yield* Effect.scope
  const lock = Semaphore.makeUnsafe(1)
  let open: Open | undefined
  let failures = 0
  let notBefore = 0
  let reason = ""

  /** Counts what went wrong, and says when it is tried again. */
  const failed = (why: string) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      reason = why
      notBefore = now + Math.min(firstWaitMs * 2 ** failures, longestWaitMs)
      failures++
    })

  const connect = Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const scope = yield* Scope.fork(outer)
      const exit = yield* Effect.exit(
        restore(Scope.provide(Session.make(provider, connector, limits), scope))
      )
      if (Exit.isSuccess(exit)) {
        open = { session: exit.value, scope }
        return exit.value
      }
      yield* Scope.close(scope, exit)
      return yield* exit
    })
  ).pipe(Effect.tapError(({ detail }) => failed(detail)))

  const current = lock.withPermit(Effect.gen(function*() {
    const ended = open?.session.ended()
    if (open !== undefined && ended === undefined) return open.session
    if (open !== undefined) {
      const { scope } = open
      open = undefined
      yield* failed(ended ?? "it ended")
      yield* Effect.forkIn(Scope.close(scope, Exit.void), outer)
      // The first end is mended at once: only one that ends again and again waits.
      if (failures === 1) notBefore = 0
    }
    const wait = notBefore - (yield* Clock.currentTimeMillis)
    if (wait > 0) {
      const detail = `${reason}. It is started again in ${Math.ceil(wait / 1000)} s`
      return yield* new ToolCallFailed({ provider, tool: null, reason: "unreachable", detail })
    }
    return yield* connect
  }))

  const use: McpServer["use"] = (work) =>
    Effect.flatMap(current, (session) =>
      Effect.tap(work(session), () =>
        Effect.sync(() => {
          failures = 0
        })))

  const server: McpServer = {
    use,
    tools: use(({ tools }) => tools),
    health: use(({ ping }) => ping)
  }
  return server
})
