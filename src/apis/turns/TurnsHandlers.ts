/** Binds the endpoints of turns to their service. */
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { toList } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import * as AwaitedStream from "../../kernel/requests/AwaitedStream.ts"
import { failures } from "./TurnErrors.ts"
import * as TurnFrames from "./TurnFrames.ts"
import type { PreparedTurn } from "./Turns.ts"
import { Turns } from "./Turns.ts"
import type { Turn } from "./TurnsModels.ts"
import { TurnsRoutes } from "./TurnsRoutes.ts"

const ofTurns = failures.mapErrors()

const streamed = (prepared: PreparedTurn) =>
  Effect.map(TurnFrames.of(prepared), (frames) => HttpServerResponse.stream(frames, { headers: TurnFrames.headers }))

export const TurnsHandlers = ApiHandlers.make(
  TurnsRoutes,
  Effect.fn(function*(handlers) {
    const turns = yield* Turns

    const answer = (
      prepared: PreparedTurn,
      stream: boolean
    ): Effect.Effect<Turn | HttpServerResponse.HttpServerResponse> =>
      stream ? Effect.andThen(AwaitedStream.announce, streamed(prepared)) : prepared.run()

    return handlers.handleAll({
      createTurn: ({ params, payload }) =>
        Effect.flatMap(
          ofTurns(turns.prepare(params.session_id, payload)),
          (prepared) => answer(prepared, payload.stream === true)
        ),
      answerApproval: ({ params: { approval_id, session_id, turn_id }, payload }) =>
        Effect.flatMap(
          ofTurns(turns.answer(session_id, turn_id, approval_id, payload)),
          ({ resumed, turn }): Effect.Effect<Turn | HttpServerResponse.HttpServerResponse> =>
            resumed === undefined ? Effect.succeed(turn) : answer(resumed, payload.stream === true)
        ),
      cancelTurn: ({ params, payload }) => ofTurns(turns.cancel(params.session_id, params.turn_id, payload.mode)),
      listTurns: ({ params }) =>
        Effect.map(ofTurns(turns.list(params.session_id)), (data) => toList({ data, has_more: false })),
      retrieveTurn: ({ params }) => ofTurns(turns.get(params.session_id, params.turn_id))
    })
  })
)
