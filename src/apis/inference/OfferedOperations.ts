/** What the provider of a model can be asked for: what it lacks is refused with what to do instead. */
import { Effect } from "effect"
import type { Fiber } from "effect"
import * as Calls from "../../kernel/calls/Calls.ts"
import { NextReplayCall } from "../../kernel/calls/NextReplayCall.ts"
import type { MediaOperation, MediaOperationName } from "../../kernel/media/MediaOperation.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import type { Route } from "../../kernel/resources/ResourceLookup.ts"
import { CurrentIdleInstances } from "../../kernel/stack/IdleInstances.ts"
import type { InferenceProvider } from "./Inference.ts"
import { RequestRefused } from "./Inference.ts"
import { InferenceApi } from "./InferenceApi.ts"
import * as ProviderWire from "./ProviderWire.ts"

type Provider = InferenceProvider["Service"]

interface Operation {
  readonly isOffered: (provider: Provider) => boolean
  readonly lacks: string
  readonly remedy: string
}

const ofType = (type: string) =>
  `GET /v1/models has \`custom_metadata.model_type\` "${type}" for those that are known to do it`

export const conversations: Operation = {
  isOffered: ProviderWire.hasConversations,
  lacks: "answers no conversations",
  remedy: `Ask another model; ${ofType("llm")}`
}

export const textCompletions: Operation = {
  isOffered: ({ completeText }) => completeText !== undefined,
  lacks: "has no text completions",
  remedy: "Use POST /v1/chat/completions for it, or ask a model of a provider that has the endpoint"
}

export const embeddings: Operation = {
  isOffered: ({ embed }) => embed !== undefined,
  lacks: "makes no embeddings",
  remedy: `Ask a model for embeddings; ${ofType("embedding")}. The provider inline::sentence-transformers needs no key`
}

export const reranking: Operation = {
  isOffered: ({ rerank }) => rerank !== undefined,
  lacks: "puts no items in order",
  remedy: `Ask a model for reranking; ${ofType("rerank")}`
}

const mediaNames: Readonly<Record<MediaOperationName, string>> = {
  moderation: "moderates nothing",
  speech: "makes no speech",
  transcription: "transcribes no sound",
  translation: "translates no sound",
  image_generation: "makes no images",
  image_edit: "edits no images",
  image_variation: "makes no variations of images"
}

export const media = ({ name, path }: MediaOperation): Operation => ({
  isOffered: ({ media = [], sendMedia }) => sendMedia !== undefined && media.includes(name),
  lacks: mediaNames[name],
  remedy: `Ask a model of a provider that has /v1${path}: GET /v1/providers names what each is capable of`
})

/** In a verification an instance may not run: what was asked of it then was offered. Undefined: it runs, and says it itself. */
const wasOffered = (fiber: Fiber.Fiber<unknown, unknown>, provider_id: string): boolean | undefined => {
  const next = fiber.getRef(NextReplayCall)
  const line = fiber.getRef(CurrentRecording)?.line
  if (next === undefined || line === undefined) return undefined
  if (Calls.upcoming(fiber) !== undefined || next(line) !== undefined) return true
  return fiber.getRef(CurrentIdleInstances).has(`${InferenceApi.name}/${provider_id}`) ? false : undefined
}

/** Why it is not asked; undefined: it is offered. */
export const refusal = (
  fiber: Fiber.Fiber<unknown, unknown>,
  { identifier, provider_id, service }: Route<Provider>,
  { isOffered, lacks, remedy }: Operation
): RequestRefused | undefined =>
  wasOffered(fiber, provider_id) ?? isOffered(service) ? undefined : new RequestRefused({
    detail: `The model ${identifier} is served by the provider ${provider_id}, which ${lacks}. ${remedy}.`,
    param: "model",
    code: "unsupported_operation"
  })

/** Fails where it is not offered. */
export const check = (route: Route<Provider>, operation: Operation): Effect.Effect<void, RequestRefused> =>
  Effect.withFiber((fiber) => {
    const refused = refusal(fiber, route, operation)
    return refused === undefined ? Effect.void : Effect.fail(refused)
  })
