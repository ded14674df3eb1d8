/** One session's server, as the library speaks MCP: its messages become calls, and calls speak to its client. */
// @effect-diagnostics asyncFunction:off newPromise:off extendsNativeError:off
import type { Server } from "@modelcontextprotocol/sdk/server/index.js"
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js"
import type { ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js"
import { Cause, Effect, Exit, Fiber, Stream } from "effect"
import type { Context, Schema } from "effect"
import { version } from "../../kernel/http/Version.ts"
import * as ProviderData from "../../kernel/provider/ProviderData.ts"
import type { LogLevel, ToolHost } from "../../kernel/tools/ToolHost.ts"
import { CurrentToolHost, ToolHostUnable } from "../../kernel/tools/ToolHost.ts"
import type { McpCalls } from "./McpCalls.ts"
import { McpRefusal } from "./McpCalls.ts"
import type { Sender } from "./McpRequests.ts"

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

/** What the HTTP request of a message brings: who asks, and what for. */
export interface Origin {
  readonly context: Context.Context<never>
  readonly sender: Sender
  readonly given: ProviderData.ProviderData["given"]
}

/** The library hands it to who answers a message. */
export const authInfoOf = (origin: Origin) => ({ token: "", clientId: "", scopes: [], extra: { origin } })

const originOf = ({ authInfo }: Extra): Origin => authInfo!.extra!["origin"] as Origin

const levels: ReadonlyArray<LogLevel> = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency"
]

const instructions = "Tools that this Strata runs, and tools to read its log of events: query_events, read_session, " +
  "verify_session, fork_session."

/** Who is behind it may have left: nobody waits for what they were told. */
const quietly = (send: () => Promise<unknown>): Effect.Effect<void> => Effect.ignore(Effect.tryPromise(send))

export const make = (library: Library, calls: McpCalls): Server => {
  const { Server, types } = library
  const server = new Server({ name: "strata", version }, {
    capabilities: {
      tools: {},
      prompts: {},
      resources: { subscribe: true },
      logging: {},
      completions: {}
    },
    instructions
  })
  let lowest = 0
  const subscriptions = new Map<string, Fiber.Fiber<unknown, unknown>>()

  const hostOf = (extra: Extra): ToolHost => {
    const { progressToken } = extra._meta ?? {}
    return {
      progress: (progress) =>
        progressToken === undefined ?
          Effect.void :
          quietly(() =>
            extra.sendNotification(
              { method: "notifications/progress", params: { ...progress, progressToken } } as never
            )
          ),
      log: (level, data) =>
        levels.indexOf(level) < lowest
          ? Effect.void
          : quietly(() =>
            extra.sendNotification({ method: "notifications/message", params: { level, logger: "strata", data } })
          ),
      ask: (method, params) =>
        Effect.tryPromise({
          try: (signal) =>
            extra.sendRequest({ method, params } as never, types.ResultSchema, { signal }) as Promise<
              Schema.JsonObject
            >,
          catch: (error) =>
            new ToolHostUnable({ request: method, detail: error instanceof Error ? error.message : String(error) })
        }),
      release: Effect.sync(() => extra.closeSSEStream?.())
    }
  }

  /** As who sent the message; it ends when the client cancels it. */
  const run = async <A>(extra: Extra, effect: Effect.Effect<A, unknown>): Promise<A> => {
    const { context, given } = originOf(extra)
    const exit = await Effect.runPromiseExitWith(context)(
      effect.pipe(
        Effect.provideService(CurrentToolHost, hostOf(extra)),
        Effect.provideService(ProviderData.CurrentProviderData, given)
      ),
      { signal: extra.signal }
    )
    if (Exit.isSuccess(exit)) return exit.value
    const error = Cause.squash(exit.cause)
    if (error instanceof McpRefusal) throw new types.McpError(error.code, error.message)
    throw new types.McpError(types.ErrorCode.InternalError, error instanceof Error ? error.message : String(error))
  }
  const sender = (extra: Extra) => originOf(extra).sender

  server.setRequestHandler(types.SetLevelRequestSchema, ({ params }) => {
    lowest = Math.max(levels.indexOf(params.level), 0)
    return {}
  })
  server.setRequestHandler(types.ListToolsRequestSchema, (_, extra) => run(extra, calls.listTools) as never)
  server.setRequestHandler(types.CallToolRequestSchema, (message, extra) => {
    const { arguments: given = {}, name } = message.params
    const call = { name, given: given as Schema.JsonObject }
    // A tool that could not be run is a result, too: the model reads it.
    const failed = (error: unknown) =>
      error instanceof McpRefusal ? Effect.fail(error) : Effect.succeed({
        content: [{ type: "text", text: error instanceof Error ? error.message : String(error) }],
        isError: true
      })
    return run(extra, Effect.catch(calls.callTool(toJson(message), call, sender(extra)), failed)) as never
  })
  server.setRequestHandler(types.ListPromptsRequestSchema, (_, extra) => run(extra, calls.listPrompts) as never)
  server.setRequestHandler(types.GetPromptRequestSchema, (message, extra) => {
    const { arguments: given = {}, name } = message.params
    return run(extra, calls.getPrompt(toJson(message), name, given, sender(extra))) as never
  })
  server.setRequestHandler(types.ListResourcesRequestSchema, (_, extra) => run(extra, calls.listResources) as never)
  server.setRequestHandler(
    types.ListResourceTemplatesRequestSchema,
    (_, extra) => run(extra, calls.listTemplates) as never
  )
  server.setRequestHandler(
    types.ReadResourceRequestSchema,
    (message, extra) => run(extra, calls.readResource(toJson(message), message.params.uri, sender(extra))) as never
  )
  server.setRequestHandler(types.SubscribeRequestSchema, async ({ params: { uri } }, extra) => {
    const changes = await run(extra, calls.changesOf(uri))
    if (changes !== undefined && !subscriptions.has(uri)) {
      const tell = () => quietly(() => server.sendResourceUpdated({ uri }))
      subscriptions.set(uri, Effect.runForkWith(originOf(extra).context)(Stream.runForEach(changes, tell)))
    }
    return {}
  })
  const unsubscribe = (uri: string) => {
    const fiber = subscriptions.get(uri)
    subscriptions.delete(uri)
    if (fiber !== undefined) Effect.runFork(Fiber.interrupt(fiber))
  }
  server.setRequestHandler(types.UnsubscribeRequestSchema, ({ params: { uri } }) => {
    unsubscribe(uri)
    return {}
  })
  server.setRequestHandler(types.CompleteRequestSchema, ({ params: { argument, ref } }, extra) =>
    run(
      extra,
      "name" in ref
        ? calls.complete(ref.name, argument.name, argument.value)
        : Effect.succeed({ completion: { values: [], total: 0, hasMore: false } })
    ) as never)
  const onclose = () => {
    for (const uri of subscriptions.keys()) unsubscribe(uri)
  }
  return Object.assign(server, { onclose })
}

const toJson = (message: unknown): Schema.JsonObject => message as Schema.JsonObject

/** Loaded when the first client comes. */
export const load = Effect.promise(async () => {
  const [{ Server }, types, transport, { UriTemplate }] = await Promise.all([
    import("@modelcontextprotocol/sdk/server/index.js"),
    import("@modelcontextprotocol/sdk/types.js"),
    import("@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"),
    import("@modelcontextprotocol/sdk/shared/uriTemplate.js")
  ])
  return { Server, types, Transport: transport.WebStandardStreamableHTTPServerTransport, UriTemplate }
})
export type Library = Effect.Success<typeof load>
