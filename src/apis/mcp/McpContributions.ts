/** Prompts and resources that parts of a program bring, for clients of Strata's MCP server. */
import { Effect, Layer, Predicate, Schema } from "effect"
import type { Stream } from "effect"
import * as Channel from "../../kernel/contributions/Channel.ts"
import { Contributions } from "../../kernel/contributions/Contributions.ts"
import type { ToolContent } from "../../kernel/tools/ToolCallResult.ts"

export interface PromptMessage {
  readonly role: "user" | "assistant"
  readonly content: ToolContent
}

export interface Prompt {
  readonly name: string
  readonly description: string
  readonly arguments?: ReadonlyArray<{
    readonly name: string
    readonly description?: string
    readonly required?: boolean
    /** What a value may go on to, of what is typed so far. */
    readonly complete?: (typed: string) => Effect.Effect<ReadonlyArray<string>>
  }>
  readonly get: (given: Readonly<Record<string, string>>) => Effect.Effect<ReadonlyArray<PromptMessage>, unknown>
}

export type ResourceContent = { readonly text: string } | { readonly blob: Uint8Array }

interface AnyResource {
  readonly name: string
  readonly description: string
  readonly mime_type?: string
}

/** One document, or all of a form: `report://{year}/{month}`. */
export type McpResource =
  & AnyResource
  & (
    | {
      readonly uri: string
      readonly read: Effect.Effect<ResourceContent, unknown>
      /** Gives something each time it is another, for clients that subscribe. */
      readonly changes?: Stream.Stream<unknown>
    }
    | {
      readonly uri_template: string
      readonly read: (
        variables: Readonly<Record<string, string>>,
        uri: string
      ) => Effect.Effect<ResourceContent, unknown>
    }
  )

const isNamed = (value: unknown): boolean =>
  Predicate.isObject(value) && Predicate.isString(Reflect.get(value, "name")) &&
  Predicate.isString(Reflect.get(value, "description"))

const isPrompt = (value: unknown): value is Prompt => isNamed(value) && Predicate.isFunction(Object(value).get)

const isResource = (value: unknown): value is McpResource =>
  isNamed(value) && (Predicate.isString(Object(value).uri) || Predicate.isString(Object(value).uri_template))

export const prompts = Channel.make(
  "mcp.prompts",
  Schema.Array(Schema.declare(isPrompt, { expected: "a prompt: name, description, get" }))
)

export const resources = Channel.make(
  "mcp.resources",
  Schema.Array(Schema.declare(isResource, { expected: "a resource: name, description, uri or uri_template, read" }))
)

/** A Layer that brings them for as long as it lives; `name`: who does, for people. */
export const contribute = (
  name: string,
  brought: { readonly prompts?: ReadonlyArray<Prompt>; readonly resources?: ReadonlyArray<McpResource> }
): Layer.Layer<never, never, Contributions> =>
  Layer.effectDiscard(Effect.flatMap(Contributions, (contributions) =>
    Effect.andThen(
      contributions.register(prompts, name, brought.prompts),
      contributions.register(resources, name, brought.resources)
    )))
