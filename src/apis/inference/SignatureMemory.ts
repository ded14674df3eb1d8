/**
 * The signatures of tool calls that clients drop: of what a session was answered, by the call's id. Each session's own, in a
 * bounded memory of this process; what is not there is read once from the session's log, a fork's from what it inherits.
 */
import { Effect, Predicate, Result, Struct } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import * as Tenant from "../../events/types/Tenant.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import type { OperationDialects } from "../../kernel/dialects/Dialects.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { ContentBlock, ToolCallBlock } from "../../kernel/messages/ContentBlock.ts"
import { isModeled } from "../../kernel/messages/ContentBlock.ts"
import type { Message } from "../../kernel/messages/Message.ts"
import { blocksOf } from "../../kernel/messages/Message.ts"
import type { RecordingLog, ReplaySources } from "../../kernel/replay/ReplaySources.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import * as Conversation from "../../kernel/sessions/Conversation.ts"
import * as SessionLineage from "../../kernel/sessions/SessionLineage.ts"

export interface SignatureMemory {
  /** The request with the signatures its calls had when this session was answered. */
  readonly restore: (vendor: Dialect, request: ChatRequest) => Effect.Effect<ChatRequest, EventLogUnavailable>
  /** What keeps a block of an answer in mind; undefined outside of a session. */
  readonly learner: Effect.Effect<((block: ContentBlock) => void) | undefined>
}

export interface Options {
  /** The log: in a verification as it was before the request. */
  readonly sources: ReplaySources["Service"]
  readonly dialects: OperationDialects
  /** Characters of ids and signatures that are kept of all sessions; default 16 million. */
  readonly maxCharacters?: number
}

const defaultMaxCharacters = 16_000_000

type Signed = Pick<ToolCallBlock, "signature" | "producer_dialect">

const signedOf = (block: ToolCallBlock): Signed => Struct.pick(block, ["signature", "producer_dialect"])

/** What a session was answered. */
class OfSession {
  readonly calls = new Map<string, Signed>()
  /** Whether its log has been read: what is not here was never there. */
  isRead = false
  characters = 0

  add(block: ToolCallBlock): number {
    if (block.id === "" || block.signature == null) return 0
    const before = this.calls.get(block.id)
    const length = before === undefined ? block.id.length : -(before.signature?.length ?? 0)
    this.calls.set(block.id, signedOf(block))
    this.characters += length + block.signature.length
    return length + block.signature.length
  }
}

const isCall = (block: ContentBlock): block is ToolCallBlock => isModeled(block) && block.type === "tool_call"

const isUnsigned = (block: ContentBlock): block is ToolCallBlock => isCall(block) && block.signature == null

const withSignatures = (messages: ReadonlyArray<Message>, signatureOf: (id: string) => Signed | undefined) =>
  messages.map((message): Message => {
    if (message.role !== "assistant" || Predicate.isString(message.content)) return message
    const content = message.content.map((block) => isUnsigned(block) ? { ...block, ...signatureOf(block.id) } : block)
    return { ...message, content }
  })

/** The calls of a session's answers, as their clients were told of them. */
const callsIn = (turns: ReadonlyArray<Conversation.ConversationTurn>): ReadonlyArray<ToolCallBlock> =>
  turns.flatMap(({ answer, dialect, model }) => {
    if (answer === null) return []
    const request = dialect.raise.request(dialect.conversation.request(undefined, model, [answer]))
    return Result.isSuccess(request) ? request.success.messages.flatMap(blocksOf).filter(isCall) : []
  })

const readCalls = Effect.fnUntraced(function*(log: RecordingLog, sessionId: string, dialects: OperationDialects) {
  const links = yield* SessionLineage.load(log, sessionId)
  const { events } = yield* SessionLineage.events(
    log,
    links,
    (event) => Conversation.types.includes(event.type) ? event : undefined
  )
  return callsIn(Conversation.fold(events, dialects))
})

export const make = ({ dialects, maxCharacters = defaultMaxCharacters, sources }: Options): SignatureMemory => {
  const sessions = new Map<string, OfSession>()
  let characters = 0

  /** The session that was asked last goes last. */
  const sessionOf = (key: string): OfSession => {
    const session = sessions.get(key) ?? new OfSession()
    sessions.delete(key)
    sessions.set(key, session)
    return session
  }

  const learn = (key: string, blocks: ReadonlyArray<ContentBlock>): OfSession => {
    const session = sessionOf(key)
    for (const block of blocks) if (isCall(block)) characters += session.add(block)
    for (const [oldest, { characters: its }] of sessions) {
      if (characters <= maxCharacters) break
      sessions.delete(oldest)
      characters -= its
    }
    return session
  }

  const current = Effect.gen(function*() {
    const sessionId = (yield* CurrentRecording)?.options.sessionId
    if (sessionId == null) return undefined
    return { sessionId, key: Tenant.qualified(yield* Tenant.CurrentTenant, sessionId) }
  })

  /** A session whose log is not here has no signatures. */
  const read = (sessionId: string) =>
    sources.open({}).pipe(
      Effect.flatMap((log) => readCalls(log, sessionId, dialects)),
      Effect.catchTags({
        RecordingUnavailable: () => Effect.succeed([]),
        SessionNotFound: () => Effect.succeed([])
      })
    )

  return {
    restore: Effect.fnUntraced(function*(vendor, request) {
      if (vendor.signsCalls !== true) return request
      const unsigned = request.messages.filter(({ role }) => role === "assistant").flatMap(blocksOf).filter(isUnsigned)
      const session = unsigned.length === 0 ? undefined : yield* current
      if (session === undefined) return request
      let memory = sessionOf(session.key)
      if (!memory.isRead && unsigned.some(({ id }) => !memory.calls.has(id))) {
        const { calls } = memory
        const recorded = yield* read(session.sessionId)
        // What has been answered since goes before what is read.
        memory = learn(session.key, recorded.filter(({ id }) => !calls.has(id)))
        memory.isRead = true
      }
      const signatureOf = (id: string): Signed | undefined => {
        const signed = memory.calls.get(id)
        return signed?.producer_dialect == null || signed.producer_dialect === vendor.name ? signed : undefined
      }
      if (!unsigned.some(({ id }) => signatureOf(id) !== undefined)) return request
      return { ...request, messages: withSignatures(request.messages, signatureOf) }
    }),
    learner: Effect.map(
      current,
      (session) => session === undefined ? undefined : (block) => void learn(session.key, [block])
    )
  }
}
