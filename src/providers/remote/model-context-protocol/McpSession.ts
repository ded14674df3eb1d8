/** A connection to an MCP server: introduced, listing its tools, calling them; until its scope closes. */
import type { Client } from "@modelcontextprotocol/sdk/client/index.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { Context, Effect, Exit, Scope, Semaphore } from "effect"
import type { Schema } from "effect"
import { version } from "../../../kernel/http/Version.ts"
import { maximumTimerMs } from "../../../kernel/provider/FieldSchema.ts"
import type { ToolCallResult } from "../../../kernel/tools/ToolCallResult.ts"
import type { ProviderTool } from "../../../kernel/tools/ToolDefinition.ts"
import { ToolCallFailed } from "../../../kernel/tools/ToolFailure.ts"
import type { ToolHost } from "../../../kernel/tools/ToolHost.ts"
import { CurrentToolHost } from "../../../kernel/tools/ToolHost.ts"
import * as McpContent from "./McpContent.ts"
import * as McpFailure from "./McpFailure.ts"

/** How a server is reached. */
export interface Connector {
  /** Makes a transport that ends with the scope. */
  readonly transport: Effect.Effect<Transport, unknown, Scope.Scope>
  /** Says to the server that nobody comes any more, while it is connected still. */
  readonly leave: (transport: Transport) => Effect.Effect<void>
}

export interface Limits {
  readonly connectTimeoutMs: number
  readonly callTimeoutMs: number
  readonly maxTools: number
  /** Of a list of tools, however many pages it has. */
  readonly maxListBytes: number
}

export interface McpSession {
  /** Asked once, and again when the server says that its tools are others. */
  readonly tools: Effect.Effect<ReadonlyArray<ProviderTool>, ToolCallFailed>
  readonly call: (name: string, given: Schema.JsonObject) => Effect.Effect<ToolCallResult, ToolCallFailed>
  readonly ping: Effect.Effect<void, ToolCallFailed>
  /** Why it is over; undefined: it is not. */
  readonly ended: () => string | undefined
}

/** The library is loaded with the first connection. */
const load = Effect.promise(() =>
  Promise.all([import("@modelcontextprotocol/sdk/client/index.js"), import("@modelcontextprotocol/sdk/types.js")])
)

/** Pages of a list at most: a server may go round in a circle. */
const mostPages = 1000

const byName = (one: ProviderTool, other: ProviderTool): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0

export const make = Effect.fn("McpSession.make")(function*(
  provider: string,
  { leave, transport }: Connector,
  { callTimeoutMs, connectTimeoutMs, maxListBytes, maxTools }: Limits
) {
  const [{ Client }, types] = yield* load
  const scope = yield* Effect.scope
  const state: {
    ended: string | undefined
    last: string | undefined
    listed: ReadonlyArray<ProviderTool> | undefined
  } = { ended: undefined, last: undefined, listed: undefined }

  const failed = (tool: string | null, error: unknown): ToolCallFailed =>
    McpFailure.of(provider, tool, error, state.last)
  const late = (tool: string | null, ms: number, what: string) => () =>
    Effect.fail(
      new ToolCallFailed({
        provider,
        tool,
        reason: "timeout",
        detail: `${what} within ${ms} ms${state.last === undefined ? "" : `; ${state.last}`}`
      })
    )

  const client: Client = new Client({ name: "strata", version }, { capabilities: {} })
  Object.assign(client, {
    onerror: ({ message }: Error) => {
      state.last = message
    },
    onclose: () => {
      state.ended = state.last ?? "it closed the connection"
    }
  })
  // However often it says so: it is asked when the list is wanted.
  client.setNotificationHandler(types.ToolListChangedNotificationSchema, () => {
    state.listed = undefined
  })

  const connect = Effect.gen(function*() {
    const made = yield* Effect.mapError(transport, (error) => failed(null, error))
    yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: () => client.connect(made, { timeout: maximumTimerMs }),
        catch: (error) => failed(null, error)
      }).pipe(
        Effect.timeoutOrElse({
          duration: connectTimeoutMs,
          orElse: late(null, connectTimeoutMs, "it did not introduce itself")
        }),
        Effect.onExit((exit) => Exit.isSuccess(exit) ? Effect.void : Effect.promise(() => made.close()))
      ),
      () => Effect.andThen(leave(made), Effect.promise(() => client.close()))
    )
  })
  yield* Scope.provide(connect, scope)

  const ask = <A>(tool: string | null, send: (signal: AbortSignal) => Promise<A>) =>
    Effect.tryPromise({ try: send, catch: (error) => failed(tool, error) }).pipe(
      Effect.timeoutOrElse({ duration: callTimeoutMs, orElse: late(tool, callTimeoutMs, "it did not answer") })
    )
  const options = (signal: AbortSignal) => ({ signal, timeout: maximumTimerMs })

  const list = Effect.gen(function*() {
    const named = new Map<string, ProviderTool>()
    const tooLarge = (detail: string) => new ToolCallFailed({ provider, tool: null, reason: "too_large", detail })
    let cursor: string | undefined
    let bytes = 0
    for (let page = 0; page < mostPages; page++) {
      const params = cursor === undefined ? {} : { cursor }
      const answer = yield* ask(
        null,
        (signal) => client.request({ method: "tools/list", params }, types.ResultSchema, options(signal))
      )
      const { nextCursor, tools } = answer as { readonly nextCursor?: unknown; readonly tools?: unknown }
      for (const each of Array.isArray(tools) ? tools : []) {
        const tool = McpContent.toolOf(each)
        if (tool === undefined || named.has(tool.name)) continue
        named.set(tool.name, tool)
        bytes += Buffer.byteLength(JSON.stringify(tool))
      }
      if (named.size > maxTools) {
        return yield* tooLarge(`it lists more than ${maxTools} tools: raise max_tools to take them`)
      }
      if (bytes > maxListBytes) {
        return yield* tooLarge(
          `its tools are described in more than ${maxListBytes} bytes: raise max_message_bytes to take them`
        )
      }
      if (typeof nextCursor !== "string" || nextCursor === cursor) break
      cursor = nextCursor
    }
    return [...named.values()].sort(byName)
  }).pipe(Effect.timeoutOrElse({
    duration: callTimeoutMs,
    orElse: late(null, callTimeoutMs, "it did not list its tools")
  }))
  const lock = Semaphore.makeUnsafe(1)

  const tools = lock.withPermit(Effect.suspend(() => {
    if (state.listed !== undefined) return Effect.succeed(state.listed)
    // What changes while it is asked makes it be asked once more the next time.
    const empty: ReadonlyArray<ProviderTool> = []
    state.listed = empty
    return list.pipe(
      Effect.tap((listed) =>
        Effect.sync(() => {
          if (state.listed === empty) state.listed = listed
        })
      ),
      Effect.tapCause(() =>
        Effect.sync(() => {
          state.listed = undefined
        })
      )
    )
  }))

  const onprogress =
    (host: ToolHost, run: (effect: Effect.Effect<void>) => void) => (progress: Parameters<ToolHost["progress"]>[0]) =>
      run(host.progress(progress))

  const call = (name: string, given: Schema.JsonObject) =>
    Effect.contextWith((context: Context.Context<never>) => {
      const host = Context.get(context, CurrentToolHost)
      const run = Effect.runForkWith(context)
      return Effect.flatMap(
        ask(name, (signal) =>
          client.request(
            { method: "tools/call", params: { name, arguments: given } },
            types.ResultSchema,
            { ...options(signal), onprogress: onprogress(host, run) }
          )),
        (answer) => {
          const result = McpContent.resultOf(answer)
          return result === undefined
            ? Effect.fail(
              new ToolCallFailed({
                provider,
                tool: name,
                reason: "invalid_answer",
                detail: "its result has no content"
              })
            )
            : Effect.succeed(result)
        }
      )
    })

  const session: McpSession = {
    tools,
    call,
    ping: Effect.asVoid(ask(null, (signal) => client.ping(options(signal)))),
    ended: () => state.ended
  }
  return session
})
