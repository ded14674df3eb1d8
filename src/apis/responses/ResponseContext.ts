/** What goes into a response besides its request: what it goes on from, a conversation, a stored prompt, items that are named. */
import { Effect, Option, Result } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import * as Decision from "../../kernel/calls/Decision.ts"
import type { DocumentConflict, DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import { DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import { asOf, CurrentReplayDocuments } from "../../kernel/documents/ReplayDocuments.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { Conversations } from "../conversations/Conversations.ts"
import { Prompts } from "../prompts/Prompts.ts"
import type { SkillInstructions } from "../skills/Skills.ts"
import { Skills } from "../skills/Skills.ts"
import type * as FileSearch from "./FileSearch.ts"
import * as ItemReferences from "./ItemReferences.ts"
import type { ResponseError, ResponseInvalid } from "./ResponseErrors.ts"
import { DocumentNotFoundAt, invalid, PreviousResponseNotFound, ResponseConflict } from "./ResponseErrors.ts"
import type { ResponseEnd } from "./ResponseEvents.ts"
import * as ResponseEvents from "./ResponseEvents.ts"
import type { Item } from "./ResponseItems.ts"
import * as ResponseItems from "./ResponseItems.ts"
import type { Plan } from "./ResponsePlan.ts"
import * as ResponseStore from "./ResponseStore.ts"
import * as ResponseTools from "./ResponseTools.ts"

type Body = Schema.JsonObject

/** In the text of a request that goes on from something. */
const namesBefore = /"(?:previous_response_id|conversation)"/

/** A request with what its prompt says. */
export interface Prompted {
  readonly body: Body
  readonly items: ReadonlyArray<Item>
}

const notServed = (api: string) =>
  invalid(api, `${api}: the API ${api}s is not served here: add it to \`apis\` of the configuration.`, "not_served")

export const conversationOf = ({ conversation }: Body): string | null =>
  textOrNull(conversation) ?? textOrNull(isFields(conversation) ? conversation["id"] : undefined)

/** What is not there is named by the field that names it; `version`: the one that names a version of it. */
const at = (id: string, version = id) => <E>(error: E): Exclude<E, DocumentNotFound> | DocumentNotFoundAt => {
  if (!(error instanceof DocumentNotFound)) return error as Exclude<E, DocumentNotFound>
  const param = error.type.endsWith("_version") ? version : id
  return new DocumentNotFoundAt({ param, message: `${param}: ${error.message}`, code: `${error.type}_not_found` })
}

/** An item that a conversation has already, or twice, can't be added behind the answer: that is asked before a model is. */
export const takenId = (
  input: ReadonlyArray<Item>,
  { items }: Pick<ResponseStore.Chain, "items">
): ResponseInvalid | undefined => {
  // What is said anew has ids seldom: a long conversation is not asked for those it has.
  if (input.every(({ id }) => textOrNull(id) === null)) return undefined
  const ids = new Set(items.map(({ id }) => textOrNull(id)))
  for (const [at, item] of input.entries()) {
    const id = textOrNull(item["id"])
    if (id === null) continue
    if (ids.has(id)) {
      return invalid(
        `input[${at}].id`,
        `input[${at}].id: an item with the id ${JSON.stringify(id)} is in the conversation already: send what is new ` +
          "alone, or leave the id out."
      )
    }
    ids.add(id)
  }
  return undefined
}

const skillText = (
  { description, instructions, name }: Pick<SkillInstructions, "description" | "instructions" | "name">
): string => `<skill name=${JSON.stringify(name)}>\n${description}\n\n${instructions}\n</skill>`

/** Its items were changed, or it is gone, while a response was made in it. */
const changed = (
  conversation: string,
  items: ReadonlyArray<Item>,
  error: AccessDenied | DocumentConflict | DocumentInvalid | DocumentNotFound
): ResponseConflict => {
  const at = error._tag === "DocumentInvalid" ? items.findIndex((_, index) => error.field === `items.${index}.id`) : -1
  return new ResponseConflict({
    param: at === -1 ? "conversation" : `input[${at}].id`,
    code: "conversation_changed",
    message:
      `The conversation ${conversation} was changed while the response was made, and can't take what was said: ${error.message}`
  })
}

/** What others did decides: a verification takes it from the log. */
const unlessConflict = Effect.fnUntraced(function*<E, R>(live: Effect.Effect<ResponseConflict | undefined, E, R>) {
  const recording = yield* CurrentRecording
  const place = recording === undefined ? undefined : Decision.ofRequest(recording)
  const conflict = Effect.map(
    live,
    (conflict) =>
      conflict === undefined
        ? undefined
        : { param: conflict.param, code: conflict.code, message: conflict.message }
  )
  const decided = yield* Decision.make(place, ResponseEvents.Conflicted, conflict)
  if (decided !== undefined) return yield* new ResponseConflict(decided.payload)
})

export const make = Effect.fnUntraced(function*(store: ResponseStore.ResponseStore) {
  const conversations = Option.getOrUndefined(yield* Effect.serviceOption(Conversations))
  const prompts = Option.getOrUndefined(yield* Effect.serviceOption(Prompts))
  const skills = Option.getOrUndefined(yield* Effect.serviceOption(Skills))

  /** Nobody goes on from what is not said yet. */
  const isMade = (previous: string) =>
    unlessConflict(Effect.map(store.isMade(previous), (isMade) =>
      isMade ? undefined : new ResponseConflict({
        param: "previous_response_id",
        code: "previous_response_in_progress",
        message:
          `previous_response_id: the response ${previous} is not ready yet: wait until GET /v1/responses/${previous} ` +
          "says that it has ended, or cancel it."
      })))

  const chainOf = (previous: string | null) =>
    previous === null ? Effect.succeed(ResponseStore.noChain) : Effect.andThen(isMade(previous), store.chain(previous))
      .pipe(Effect.catchTag("DocumentNotFound", ({ id }) => Effect.fail(new PreviousResponseNotFound({ id }))))

  /** What goes before: of a response, or of a conversation, which what is said is added to unless it `isRead` alone. */
  const beforeOf = (
    previous: string | null,
    conversation: string | null,
    isRead = false
  ): Effect.Effect<ResponseStore.Chain, ResponseError> =>
    conversation === null ? chainOf(previous) : beforeIn(conversation, isRead)

  const beforeIn = Effect.fnUntraced(function*(conversation: string, isRead: boolean) {
    if (conversations === undefined) return yield* notServed("conversation")
    const all = store.chainOfConversation(conversation, conversations)
    // Whether what is said may be added is asked before a model is.
    const read = Effect.mapError(
      isRead ? all : Effect.andThen(conversations.append(conversation, []), all),
      at("conversation")
    )
    const recording = yield* CurrentRecording
    const place = recording === undefined ? undefined : Decision.ofRequest(recording)
    if (yield* Decision.isRecorded) {
      const isOfIt = (each: { readonly conversation: string }) => each.conversation === conversation
      const decided = yield* Decision.repeatIf(place, ResponseEvents.ConversationRead, isOfIt)
      // Logs of before say nothing of it.
      return (yield* decided === undefined ? read : asOf(decided.payload.position)(read)).chain
    }
    const { chain, position } = yield* read
    place?.emit(ResponseEvents.ConversationRead, { conversation, position })
    return chain
  })

  /** What is said anew stands in the conversation, too, where that is still as it was asked for. */
  const added = ({ conversation, input }: Plan, { output, status }: ResponseEnd) =>
    conversation === null || conversations === undefined || status === "failed"
      ? Effect.void
      : addedTo(conversations, conversation, [...input, ...output])

  const addedTo = Effect.fnUntraced(function*(
    conversations: Conversations["Service"],
    conversation: string,
    items: ReadonlyArray<Item>
  ) {
    const append = Effect.asVoid(conversations.append(conversation, items as never))
    const live = Effect.matchEffect(append, {
      onSuccess: () => Effect.undefined,
      onFailure: (error) =>
        error._tag === "EventLogUnavailable" ? Effect.fail(error) : Effect.succeed(changed(conversation, items, error))
    })
    yield* unlessConflict(live)
    // What was added then is added again.
    if (yield* Decision.isRecorded) yield* append
  })

  /** A stored prompt stands before the instructions of the request. */
  const prompted = (body: Body): Effect.Effect<Prompted, ResponseError> =>
    isFields(body["prompt"]) ? promptedBy(body["prompt"], body) : Effect.succeed({ body, items: [] })

  const promptedBy = Effect.fnUntraced(function*(
    prompt: Schema.JsonObject,
    body: Body
  ): Effect.fn.Return<Prompted, ResponseError> {
    const { instructions } = body
    if (prompts === undefined) return yield* notServed("prompt")
    const resolved = yield* Effect.mapError(prompts.resolve(prompt as never), at("prompt.id", "prompt.version"))
    const texts = [resolved.instructions, textOrNull(instructions)].filter((text) => text !== null)
    return {
      body: { ...body, input: body["input"] ?? [], ...texts.length === 0 ? {} : { instructions: texts.join("\n\n") } },
      items: resolved.items
    }
  })

  /** What the skills of a request say stands behind its instructions; the shells that name them are not there. */
  const skilled = (body: Body, here: FileSearch.StoresHere): Effect.Effect<Body, ResponseError> => {
    const named = ResponseTools.skillsOf(body["tools"])
    if (Result.isFailure(named)) return Effect.fail(named.failure)
    return named.success.length === 0 ? Effect.succeed(body) : skilledBy(named.success, body, here)
  }

  const skilledBy = Effect.fnUntraced(
    function*(
      named: ReadonlyArray<ResponseTools.NamedSkill>,
      body: Body,
      here: FileSearch.StoresHere
    ): Effect.fn.Return<Body, ResponseError> {
      // What is wrong with a tool is said by its place in the request.
      yield* Effect.fromResult(ResponseTools.serversOf(body["tools"], false, here))
      if (skills === undefined) return yield* notServed("skill")
      const given = yield* Effect.forEach(
        named,
        Effect.fnUntraced(function*(skill) {
          const { field } = skill
          if ("archive" in skill) {
            const unpacked = skills.unpacked(skill.archive)
            const { instructions } = yield* Effect.catchTag(
              unpacked,
              "DocumentInvalid",
              ({ message }) => Effect.fail(invalid(field, `${field}: ${message}`))
            )
            return [{ ...skill, instructions }]
          }
          return yield* Effect.mapError(
            skills.instructions([skill.reference]),
            at(field, field.replace(/skill_id$/, "version"))
          )
        })
      )
      const texts = [textOrNull(body["instructions"]), ...given.flat().map(skillText)].filter((text) => text !== null)
      const tools = objectsIn(body["tools"]).filter((tool) => !ResponseTools.namesSkills(tool))
      return { ...body, instructions: texts.join("\n\n"), tools }
    }
  )

  /** References to items are the items. */
  const resolved = (input: ReadonlyArray<Item>, before: ResponseStore.Chain) =>
    ItemReferences.resolved(store, input, before)

  /** Calls that wait for an approval: the request for it, by the id that the model gave to the call. */
  const callsOf = (before: ResponseStore.Chain, input: ReadonlyArray<Item>) => {
    const requests = [
      ...ResponseItems.openApprovals([
        ...before.items,
        ...input.filter(({ type }) => type === "mcp_approval_request")
      ]).keys()
    ]
    return requests.length === 0 ? Effect.succeed<Readonly<Record<string, string>>>({}) : callsFor(requests)
  }

  const callsFor = Effect.fnUntraced(function*(requests: ReadonlyArray<string>) {
    const calls = new Map<string, string>()
    for (const response of new Set(requests.map((id) => ResponseItems.responseOf(id)))) {
      if (response === undefined) continue
      // Of one that is not kept, the calls have the ids of their items.
      const { end } = yield* Effect.catchTag(
        store.content(response),
        "DocumentNotFound",
        () => Effect.succeed({ end: undefined })
      )
      for (const [request, call] of Object.entries(end?.calls ?? {})) calls.set(request, call)
    }
    return Object.fromEntries(requests.flatMap((id) => calls.has(id) ? [[calls.get(id)!, id]] : []))
  })

  /** A response's own, where it is that of who asks; of a conversation, the one that is called as it is. */
  const sessionOf = (text: string): Effect.Effect<string | undefined> => {
    if (!namesBefore.test(text)) return Effect.undefined
    const body = parse(text)
    // What is wrong with it is said where it is asked for.
    return isFields(body) ? Effect.catch(sessionIn(body), () => Effect.undefined) : Effect.undefined
  }

  const sessionIn = Effect.fnUntraced(function*(body: Body) {
    if ((yield* CurrentReplayDocuments) !== undefined) return undefined
    const [previous, conversation] = [textOrNull(body["previous_response_id"]), conversationOf(body)]
    if (previous !== null) {
      const { owner, value: { session } } = yield* store.documents.get(previous)
      return (yield* CurrentPrincipal)?.id === owner?.id ? session ?? undefined : undefined
    }
    return conversation === null || conversations === undefined
      ? undefined
      : (yield* conversations.get(conversation)).id
  })

  return { callsOf, resolved, beforeOf, added, prompted, sessionOf, skilled }
})
