/** `remote::http`: tools that are HTTP requests, by configuration alone. They are recorded, and verified, at the wire. */
import { Effect, Layer, Result, Stream } from "effect"
import { HttpClient } from "effect/http"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import { ToolProvider } from "../../../apis/tool-runtime/ToolRuntime.ts"
import { ToolRuntimeApi } from "../../../apis/tool-runtime/ToolRuntimeApi.ts"
import * as RecordingResponse from "../../../kernel/calls/RecordingResponse.ts"
import * as VendorError from "../../../kernel/calls/VendorError.ts"
import * as PublicAddresses from "../../../kernel/client/PublicAddresses.ts"
import { TimeLimitExceeded } from "../../../kernel/client/TimeLimitExceeded.ts"
import * as VendorClient from "../../../kernel/client/VendorClient.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as ToolArguments from "../../../kernel/tools/ToolArguments.ts"
import * as ToolCallResult from "../../../kernel/tools/ToolCallResult.ts"
import type { ProviderTool } from "../../../kernel/tools/ToolDefinition.ts"
import { missing, ToolCallFailed } from "../../../kernel/tools/ToolFailure.ts"
import * as HttpToolRequest from "./HttpToolRequest.ts"
import * as HttpToolResult from "./HttpToolResult.ts"
import type { HttpTool } from "./HttpToolsConfig.ts"
import { Config } from "./HttpToolsConfig.ts"

const definitionOf = ({ annotations, description, input_schema, name, requires_approval }: HttpTool): ProviderTool => ({
  name,
  description,
  input_schema,
  ...annotations === undefined ? {} : { annotations },
  ...requires_approval === undefined ? {} : { requires_approval }
})

type Failure = HttpClientError.HttpClientError | "too large"

/** The event of the call says what became of the answer. */
const judge = (response: HttpClientResponse.HttpClientResponse, url: string) =>
  RecordingResponse.judge(response, {
    failureOf: () => undefined,
    isLastFrame: () => false,
    summarize: ({ frames = [], status }) =>
      ToolCallResult.summary(HttpToolResult.of({
        status,
        contentType: response.headers["content-type"],
        bytes: Buffer.from(frames.map(([, text]) => text).join("")),
        url
      }))
  })

/** Joins what fits; a longer answer is left, and undefined. */
const wholeOf = (response: HttpClientResponse.HttpClientResponse, limit: number) => {
  if (Number(response.headers["content-length"] ?? 0) > limit) return Effect.undefined
  const stream: Stream.Stream<Uint8Array, Failure> = response.stream
  return Stream.runCollect(Stream.limitBytes(stream, limit, () => Stream.fail("too large" as const))).pipe(
    Effect.map((chunks): Uint8Array | undefined => Buffer.concat(chunks)),
    Effect.catch((error) => error === "too large" ? Effect.undefined : Effect.fail(error))
  )
}

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const { allow_private_addresses, headers, max_response_bytes, timeout_ms } = config
  const client = yield* VendorClient.dedicated(
    yield* HttpClient.HttpClient,
    { connect: Math.min(timeout_ms, 10_000), firstByte: timeout_ms, idle: timeout_ms, total: timeout_ms },
    allow_private_addresses ? undefined : PublicAddresses.lookup
  )
  const tools = new Map(config.tools.map((tool) =>
    [tool.name, {
      tool,
      decode: Result.getOrThrow(ToolArguments.ofJsonSchema(tool.input_schema))
    }] as const
  ))
  const definitions = config.tools.map(definitionOf)

  const failedBy = (tool: string) => (reason: ToolCallFailed["reason"], detail: string) =>
    new ToolCallFailed({ provider, tool, reason, detail })

  return ToolProvider.of({
    list: () => Effect.succeed(definitions),
    invoke: Effect.fnUntraced(function*({ arguments: given, group, name }) {
      const there = tools.get(name)
      const failed = failedBy(name)
      if (there === undefined) return yield* missing(name, group.identifier, [...tools.keys()])
      const checked = Result.flatMap(there.decode(given), () => HttpToolRequest.make(there.tool, given, headers))
      if (Result.isFailure(checked)) return ToolCallResult.failed(checked.failure)
      const request = checked.success
      const refused = allow_private_addresses ? undefined : PublicAddresses.refusalOf(new URL(request.url))
      if (refused !== undefined) return yield* failed("address_refused", refused.message)
      const answer = Effect.flatMap(client.execute(request), (response) => {
        judge(response, request.url)
        return Effect.map(wholeOf(response, max_response_bytes), (bytes) => ({ response, bytes }))
      })
      const { bytes, response } = yield* Effect.mapError(answer, (error) => {
        const { cause } = error.reason
        const refusal = PublicAddresses.refusalIn(cause)
        if (refusal !== undefined) return failed("address_refused", refusal.message)
        return failed(cause instanceof TimeLimitExceeded ? "timeout" : "unreachable", VendorError.describe(error))
      })
      if (bytes === undefined) return yield* failed("too_large", `more than ${max_response_bytes} bytes`)
      return HttpToolResult.of({
        status: response.status,
        contentType: response.headers["content-type"],
        bytes,
        url: request.url
      })
    }),
    groups: { source: "configuration", list: Effect.succeed([{ provider_resource_id: provider }]) }
  })
})

export const HttpTools = Provider.make({
  api: ToolRuntimeApi,
  type: "remote::http",
  displayName: "HTTP tools",
  description: "Tools that are HTTP requests: a method, a URL with places for arguments, headers, a body of the rest.",
  config: Config,
  requires: [],
  capabilities: ["tools"],
  status: { status: "proven", against: "HTTP servers of the tests" },
  layer: (config, { provider_id }) => Layer.effect(ToolProvider, make(config, provider_id))
})
