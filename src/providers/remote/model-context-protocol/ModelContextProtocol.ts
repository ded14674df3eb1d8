/** `remote::model-context-protocol`: the tools of an MCP server, over stdio or streamable HTTP. Recorded at the call. */
import { Effect, Layer, RcMap, Redacted, Struct } from "effect"
import type { ProviderToolGroup, ToolHeaders } from "../../../apis/tool-runtime/ToolRuntime.ts"
import { ToolProvider } from "../../../apis/tool-runtime/ToolRuntime.ts"
import { ToolRuntimeApi } from "../../../apis/tool-runtime/ToolRuntimeApi.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as ProviderData from "../../../kernel/provider/ProviderData.ts"
import type { ToolCallResult } from "../../../kernel/tools/ToolCallResult.ts"
import type { ProviderToolFailure } from "../../../kernel/tools/ToolFailure.ts"
import { missing, ToolCallFailed } from "../../../kernel/tools/ToolFailure.ts"
import { Config, Data } from "./McpConfig.ts"
import * as McpConnectors from "./McpConnectors.ts"
import type { McpServer } from "./McpServer.ts"
import * as Server from "./McpServer.ts"

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const { allow_private_addresses, command, headers, token, url } = config
  const limits = {
    connectTimeoutMs: config.connect_timeout_ms,
    callTimeoutMs: config.timeout_ms,
    maxTools: config.max_tools,
    maxListBytes: config.max_message_bytes
  }
  const own: ToolHeaders = {
    ...token === undefined ? {} : { authorization: Redacted.make(`Bearer ${Redacted.value(token)}`) },
    ...headers
  }
  const serverOf = (connector: Parameters<typeof Server.make>[1]) => Server.make(provider, connector, limits)
  const over = (target: McpConnectors.HttpServer) => McpConnectors.http(config, target)

  const configured = command !== undefined
    ? yield* serverOf(McpConnectors.stdio(provider, config, command))
    : url === undefined
    ? undefined
    : yield* serverOf(over({ url, headers: own, allowPrivate: true }))

  const namedServer = (endpoint: string) =>
    serverOf(over({ url: endpoint, headers: {}, allowPrivate: allow_private_addresses }))

  /** Those that tool groups and requests name: whoever is not asked for a while is left. */
  const named = yield* RcMap.make({
    lookup: namedServer,
    idleTimeToLive: config.idle_timeout_ms,
    capacity: config.max_servers
  })

  const withNamed = <A, E>(endpoint: string, use: (server: McpServer) => Effect.Effect<A, E>) => {
    const shared = Effect.catch(RcMap.get(named, endpoint), () => namedServer(endpoint))
    return Effect.scoped(Effect.flatMap(shared, use))
  }

  const given = ProviderData.of(Data, { api: ToolRuntimeApi.name, provider_id: provider })

  /** What the client sends for the server at an address. */
  const clientHeaders = (address: string | undefined, asked: ToolHeaders) =>
    Effect.map(given, (data): ToolHeaders => ({
      ...data?.headers,
      ...address === undefined ? {} : data?.mcp_headers?.[address],
      ...asked
    }))

  /** A session belongs to who began it: what a client brings headers for has one of its own, for that call. */
  const withServer = <A, E>(
    { mcp_endpoint }: ProviderToolGroup,
    asked: ToolHeaders,
    use: (server: McpServer) => Effect.Effect<A, E>
  ): Effect.Effect<A, E | ToolCallFailed> =>
    Effect.gen(function*() {
      const address = mcp_endpoint ?? url
      const brought = yield* clientHeaders(address, asked)
      if (address !== undefined && Object.keys(brought).length > 0) {
        const isOwn = mcp_endpoint === undefined
        return yield* Effect.scoped(Effect.flatMap(
          serverOf(over({
            url: address,
            headers: { ...isOwn ? Struct.omit(own, Object.keys(brought)) : {}, ...brought },
            allowPrivate: isOwn || allow_private_addresses
          })),
          use
        ))
      }
      if (mcp_endpoint !== undefined) return yield* withNamed(mcp_endpoint, use)
      if (configured !== undefined) return yield* use(configured)
      return yield* new ToolCallFailed({
        provider,
        tool: null,
        reason: "unreachable",
        detail: "no server is named: give command or url in its configuration, or mcp_endpoint in the tool group"
      })
    })

  return ToolProvider.of({
    list: (group, asked) => withServer(group, asked, ({ tools }) => tools),
    invoke: ({ arguments: given, group, headers, name }) =>
      withServer(
        group,
        headers,
        (server) =>
          server.use((session) =>
            Effect.flatMap(session.tools, (tools): Effect.Effect<ToolCallResult, ProviderToolFailure> =>
              tools.some((tool) =>
                  tool.name === name
                )
                ? session.call(name, given)
                : Effect.fail(missing(name, group.identifier, tools.map((tool) => tool.name))))
          )
      ).pipe(
        Effect.mapError((error) =>
          error._tag === "ToolCallFailed" ? new ToolCallFailed({ ...error, tool: name }) : error
        )
      ),
    groups: {
      source: "configuration",
      list: Effect.succeed(configured === undefined ? [] : [{ provider_resource_id: provider }]),
      register: ({ mcp_endpoint }) =>
        mcp_endpoint === undefined && configured === undefined
          ? Effect.fail({ message: "it is configured without a server: name one in mcp_endpoint" })
          : Effect.void
    },
    ...configured === undefined ? {} : { health: configured.health }
  })
})

export const ModelContextProtocol = Provider.make({
  api: ToolRuntimeApi,
  type: "remote::model-context-protocol",
  displayName: "MCP server",
  description:
    "The tools of an MCP server: one that is started here, one at an address, or those that tool groups name.",
  config: Config,
  requires: [],
  capabilities: ["tools", "mcp"],
  providerData: Data,
  status: { status: "proven", against: "@modelcontextprotocol/server-everything, over stdio and streamable HTTP" },
  layer: (config, { provider_id }) => Layer.effect(ToolProvider, make(config, provider_id))
})
