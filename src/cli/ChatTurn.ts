/** One turn of a chat: what comes is shown, approvals are asked for, and it can be cancelled. */
import { Effect, Stream } from "effect"
import type { CreateTurn, PendingApproval, Turn, TurnStreamEvent } from "../apis/turns/TurnsModels.ts"
import type { ChatRefused, TurnPlace } from "./ChatServer.ts"
import { ChatServer } from "./ChatServer.ts"

export type Answer = { readonly decision: "grant" | "deny"; readonly reason?: string }

export interface Options {
  readonly session: string
  readonly request: CreateTurn
  readonly show: (event: TurnStreamEvent) => void
  readonly approve: (approval: PendingApproval) => Effect.Effect<Answer>
}

/** Who runs it can end it. */
export interface RunningTurn {
  /** The first time as it stands, then at once. */
  readonly cancel: Effect.Effect<void, ChatRefused>
  /** How it ended; undefined: the server does not say. */
  readonly run: Effect.Effect<Turn | undefined, ChatRefused>
}

export const make = ({ approve, request, session, show }: Options): Effect.Effect<RunningTurn, never, ChatServer> =>
  Effect.map(ChatServer, (server) => {
    let place: TurnPlace | undefined
    let isCancelled = false

    const read = (events: Stream.Stream<TurnStreamEvent, ChatRefused>) =>
      Effect.suspend(() => {
        let ended: Turn | undefined
        return Effect.as(
          Stream.runForEach(events, (event) =>
            Effect.sync(() => {
              if (event.type === "turn.started") place = { session, turn: event.turn_id }
              if (event.type === "turn.ended") ended = event.turn
              show(event)
            })),
          undefined
        ).pipe(Effect.map(() => ended))
      })

    /** Each in turn; the last answer goes on with the turn. */
    const answered = Effect.fnUntraced(function*(turn: Turn) {
      let last: Turn | undefined
      for (const approval of turn.approvals) {
        const answer = yield* approve(approval)
        last = yield* read(server.answer({ session, turn: turn.id }, approval.approval_id, answer))
      }
      return last
    })

    const run = Effect.gen(function*() {
      let turn = yield* read(server.turn(session, request))
      while (turn?.status === "requires_approval" && turn.approvals.length > 0) turn = yield* answered(turn)
      return turn
    })

    return {
      run,
      cancel: Effect.suspend(() => {
        if (place === undefined) return Effect.void
        const mode = isCancelled ? "immediate" : "graceful"
        isCancelled = true
        return server.cancel(place, mode)
      })
    }
  })
