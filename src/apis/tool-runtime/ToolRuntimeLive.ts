/** The router of tools: hands a call to who has the tool. */
import { Effect, Layer, Option } from "effect"
import * as Calls from "../../kernel/calls/Calls.ts"
import { Hooks } from "../../kernel/hooks/Hooks.ts"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ResourceLookup from "../../kernel/resources/ResourceLookup.ts"
import * as ToolArguments from "../../kernel/tools/ToolArguments.ts"
import type { ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"
import type { ProviderToolFailure } from "../../kernel/tools/ToolFailure.ts"
import { ToolCallFailed } from "../../kernel/tools/ToolFailure.ts"
import type { ToolInstance } from "../tool-groups/ToolGroupRegistry.ts"
import { ToolGroupRegistry } from "../tool-groups/ToolGroupRegistry.ts"
import type { ToolGroupResource } from "../tool-groups/ToolGroupsKind.ts"
import { groupOf } from "../tool-groups/ToolGroupsKind.ts"
import * as ToolGroupsLive from "../tool-groups/ToolGroupsLive.ts"
import * as ToolCalls from "./ToolCalls.ts"
import * as ToolHooks from "./ToolHooks.ts"
import type { InvokeTool, PreparedTool, ToolHeaders } from "./ToolRuntime.ts"
import { ToolRuntime } from "./ToolRuntime.ts"
import { ToolRuntimeApi } from "./ToolRuntimeApi.ts"
import { ToolRuntimeHandlers } from "./ToolRuntimeHandlers.ts"
import * as ToolSearch from "./ToolSearch.ts"
import * as ToolSecrets from "./ToolSecrets.ts"
import * as ToolServers from "./ToolServers.ts"
import * as WebSearchTool from "./WebSearchTool.ts"

const noHeaders: ToolHeaders = {}

const didNotAnswer = (error: ProviderToolFailure): boolean =>
  error._tag === "ToolCallFailed" && (error.reason === "unreachable" || error.reason === "timeout")

/** How many groups are asked at once for what they have. */
const listedAtOnce = 8

export const layer = (instances: ReadonlyArray<ToolInstance>) =>
  Layer.effect(
    ToolRuntime,
    Effect.gen(function*() {
      const groups = yield* ResourceLookup.make(ToolGroupsLive.options(instances, yield* ToolGroupRegistry))
      const hooks = yield* Hooks
      const byId = new Map(instances.map((instance) => [instance.id, instance]))

      /**
       * Asks an instance within its call: that one does not run is recorded as the call's failure, so that it replays.
       */
      const asking = <A>(
        { provider_id }: ToolGroupResource,
        tool: string | null,
        ask: (service: Effect.Success<ToolInstance["service"]>) => Effect.Effect<A, ProviderToolFailure>
      ): Effect.Effect<A, ProviderToolFailure> => {
        const { checkRequested, service } = byId.get(provider_id)!
        return service.pipe(
          Effect.mapError(({ reason }) =>
            new ToolCallFailed({ provider: provider_id, tool, reason: "unreachable", detail: reason })
          ),
          Effect.flatMap(ask),
          ToolSecrets.masked,
          Effect.tapError((error) => didNotAnswer(error) ? checkRequested.open : Effect.void)
        )
      }

      const listOf = (resource: ToolGroupResource, headers: ToolHeaders) => {
        const { identifier: group, provider_id: provider } = resource
        const listed = asking(resource, null, (service) => service.list(groupOf(resource), headers))
        return Effect.map(
          Calls.runValue(
            ToolCalls.list(provider, group),
            Effect.map(listed, (tools): ToolCalls.ToolList => ({ tools }))
          ),
          ({ tools }) => tools.map((tool): ToolDefinition => ({ ...tool, group, provider }))
        )
      }

      /** None where it can't be asked: its call says why. */
      const listOrNone = (resource: Parameters<typeof listOf>[0], headers: ToolHeaders) =>
        Effect.catch(listOf(resource, headers), ({ message }) => Effect.as(Effect.logWarning(message), []))

      const listAll = (headers: ToolHeaders) =>
        Effect.flatMap(groups.list, (all) =>
          Effect.map(
            Effect.forEach(
              all.filter(({ provider_id }) => byId.has(provider_id)),
              (resource) => listOrNone(resource, headers),
              { concurrency: listedAtOnce }
            ),
            (lists) => lists.flat()
          ))

      const serverOf = ToolServers.resourceOf(instances)

      const list: ToolRuntime["Service"]["list"] = ({ groups: named, headers = noHeaders, server } = {}) =>
        server !== undefined
          ? Effect.flatMap(serverOf(server), (resource) => listOf(resource, headers))
          : named === undefined ?
          listAll(headers) :
          Effect.forEach(named, groups.get).pipe(
            Effect.flatMap((resources) =>
              Effect.forEach(resources, (resource) => listOf(resource, headers), { concurrency: listedAtOnce })
            ),
            Effect.map((lists) => lists.flat())
          )

      /** Where no group is named, those that are there say which has it. */
      const groupFor = ({ group, headers, name, server }: InvokeTool) =>
        server !== undefined ? serverOf(server) : group === undefined
          ? Effect.flatMap(
            listAll(headers ?? noHeaders),
            (all) =>
              Effect.flatMap(Effect.fromResult(ToolSearch.one(all, name, null)), (tool) => groups.get(tool.group))
          )
          : groups.get(group)

      const prepare: ToolRuntime["Service"]["prepare"] = Effect.fnUntraced(function*(call) {
        const { headers = noHeaders, name, tool_call_id } = call
        if (ToolArguments.isTooDeep(call.arguments)) {
          const provider = call.group ?? "tool_runtime"
          return yield* new ToolCallFailed({ provider, tool: name, reason: "rejected", detail: ToolArguments.tooDeep })
        }
        const resource = yield* groupFor(call)
        const { identifier: group, provider_id: provider } = resource
        const subject = { tool: name, group, provider }
        const given = yield* ToolHooks.asked(hooks, subject, call.arguments)
        const asked = asking(
          resource,
          name,
          (service) => service.invoke({ name, group: groupOf(resource), arguments: given, headers })
        )
        const prepared: PreparedTool = {
          arguments: given,
          group,
          provider,
          run: Calls.runValue(ToolCalls.invoke({ provider, group, name, arguments: given, tool_call_id }), asked),
          settle: (result) => ToolHooks.answered(hooks, subject, result)
        }
        return prepared
      })

      const webSearch: ToolRuntime["Service"]["webSearch"] = Effect.gen(function*() {
        for (const resource of yield* groups.list) {
          const { identifier: group, provider_id } = resource
          const instance = byId.get(provider_id)
          const service = instance === undefined ? Option.none() : yield* Effect.option(instance.service)
          if (Option.isNone(service)) continue
          const { listsWebSearch = false, webSearch } = service.value
          if (webSearch !== undefined) return { name: webSearch, group }
          if (!listsWebSearch) continue
          const listed = yield* listOrNone(resource, noHeaders)
          if (listed.some(WebSearchTool.isListed)) return { name: WebSearchTool.name, group }
        }
        return undefined
      })

      return ToolRuntime.of({
        list,
        webSearch,
        prepare,
        invoke: (call) => Effect.flatMap(prepare(call), ({ run, settle }) => Effect.flatMap(run, settle))
      })
    })
  )

export const live = ApiModule.liveOf(ToolRuntimeApi, { handlers: ToolRuntimeHandlers, layer })
