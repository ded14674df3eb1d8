/** Strata's MCP server: a session for each client, of the principal that began it. */
import { Clock, Effect, Layer, Option } from "effect"
import { HttpServerResponse } from "effect/http"
import type { HttpServerRequest } from "effect/http"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { Contributions } from "../../kernel/contributions/Contributions.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ProviderData from "../../kernel/provider/ProviderData.ts"
import { sessionHeader } from "../../kernel/requests/RequestIds.ts"
import { validId } from "../../kernel/sessions/SessionId.ts"
import { Sessions } from "../../kernel/sessions/Sessions.ts"
import { Events } from "../events/Events.ts"
import { ToolRuntime } from "../tool-runtime/ToolRuntime.ts"
import * as LogTools from "./LogTools.ts"
import { Mcp } from "./Mcp.ts"
import * as McpCalls from "./McpCalls.ts"
import { McpEventStore } from "./McpEventStore.ts"
import { McpHandlers } from "./McpHandlers.ts"
import type { Library } from "./McpProtocol.ts"
import * as McpProtocol from "./McpProtocol.ts"
import * as McpRequests from "./McpRequests.ts"
import { McpSessions } from "./McpSessions.ts"

const mcpHeader = "mcp-session-id"

const credentialHeaders = ["authorization", "proxy-authorization", "x-api-key", "api-key"]

type Headers = HttpServerRequest.HttpServerRequest["headers"]

/** What authenticated the client reaches no event. */
const credentialsIn = (headers: Headers): ReadonlyArray<string> =>
  credentialHeaders.flatMap((name) => headers[name] === undefined ? [] : [headers[name].replace(/^\w+\s+/, "")])

const error = (status: number, code: number, message: string) =>
  HttpServerResponse.jsonUnsafe({ jsonrpc: "2.0", error: { code, message }, id: null }, { status })

/** How long a client that left without a comment may reconnect, milliseconds. */
const retryMs = 500

const toWeb = ({ headers, method, url }: HttpServerRequest.HttpServerRequest): Request => {
  const given = new Headers()
  for (const [name, value] of Object.entries(headers)) given.set(name, value)
  return new Request(new URL(url, "http://strata.invalid"), { method, headers: given })
}

export const layer = Layer.effect(
  Mcp,
  Effect.gen(function*() {
    const tools = yield* ToolRuntime
    const contributions = yield* Contributions
    const requests = yield* McpRequests.make
    const ownTools = LogTools.make({ events: yield* Events, sessions: yield* Sessions })
    const sessions = yield* McpSessions.make
    const readProviderData = yield* ProviderData.ProviderDataReader

    let calls: McpCalls.McpCalls | undefined
    const callsOf = ({ UriTemplate }: Library): McpCalls.McpCalls =>
      calls ??= McpCalls.make({
        tools,
        contributions,
        requests,
        ownTools,
        match: (template, uri) => new UriTemplate(template).match(uri)
      })

    /** Begins a session; the library says its id when the client has introduced itself. */
    const begin = Effect.fnUntraced(function*(owner: string, named: string | undefined) {
      const library = yield* McpProtocol.load
      const id = yield* sessions.newId
      const transport = new library.Transport({
        sessionIdGenerator: () => id,
        eventStore: new McpEventStore(),
        retryInterval: retryMs
      })
      const server = McpProtocol.make(library, callsOf(library))
      yield* Effect.promise(() => server.connect(transport as unknown as Parameters<typeof server.connect>[0]))
      const session = { owner, transport, strataSession: named ?? `mcp-${id}`, close: () => server.close() }
      yield* sessions.add(id, session)
      return session
    })

    const handle: Mcp["Service"]["handle"] = Effect.fnUntraced(function*(request, message) {
      const { headers } = request
      const owner = JSON.stringify([yield* CurrentTenant, (yield* CurrentPrincipal)?.id ?? null])
      const id = headers[mcpHeader]
      const named = headers[sessionHeader]
      if (named !== undefined && !validId.test(named)) {
        return error(400, -32600, `The header ${sessionHeader} is not the id of a session.`)
      }
      const existing = id === undefined ? undefined : sessions.get(id, owner, yield* Clock.currentTimeMillis)
      if (id !== undefined && existing === undefined) {
        return error(404, -32001, "There is no such session: it has ended, or it never began. Initialize a new one.")
      }
      const written = headers[ProviderData.header]
      const read = written === undefined
        ? Option.some(ProviderData.empty)
        : yield* Effect.option(readProviderData(written))
      if (Option.isNone(read)) return error(400, -32600, `The header ${ProviderData.header} is not right.`)
      const session = existing ?? (yield* begin(owner, named))
      const { given, secrets } = read.value
      const origin: McpProtocol.Origin = {
        context: yield* Effect.context<never>(),
        given,
        sender: { session: session.strataSession, secrets: [...secrets, ...credentialsIn(headers)] }
      }
      const response = yield* Effect.promise(() =>
        session.transport.handleRequest(toWeb(request), {
          authInfo: McpProtocol.authInfoOf(origin),
          ...message === undefined ? {} : { parsedBody: message }
        })
      )
      // Nothing has begun where its first message was none to begin with.
      if (existing === undefined && response.headers.get(mcpHeader) === null) yield* Effect.promise(session.close)
      return HttpServerResponse.fromWeb(response)
    })
    return Mcp.of({ handle })
  })
)

export const live = ApiModule.live({ handlers: McpHandlers, layer })
