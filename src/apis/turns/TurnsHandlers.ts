/** Binds the endpoints of turns to their service. */
import { Effect, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import { toList } from "../../kernel/http/Pagination.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { failures } from "./TurnErrors.ts"
import * as TurnFrames from "./TurnFrames.ts"
import type { Notify } from "./Turns.ts"
import { Turns } from "./Turns.ts"
import type { Turn } from "./TurnsModels.ts"
import { TurnsRoutes } from "./TurnsRoutes.ts"

const ofTurns = failures.mapErrors()

const toAnswer = (answer: TurnFrames.Frames | Turn): Turn | HttpServerResponse.HttpServerResponse =>
  Stream.isStream(answer) ? HttpServerResponse.stream(answer, { headers: TurnFrames.headers }) : answer

/** The turn, or its frames where they are asked for. */
const answered = <E>({ stream }: { readonly stream?: boolean }, run: (notify?: Notify) => Effect.Effect<Turn, E>) =>
  stream === true ? Effect.map(TurnFrames.of(run), toAnswer) : run()

export const TurnsHandlers = ApiHandlers.make(
  TurnsRoutes,
  Effect.fn(function*(handlers) {
    const turns = yield* Turns
    return handlers.handleAll({
      createTurn: ({ params, payload }) =>
        answered(payload, (notify) => ofTurns(turns.run(params.session_id, payload, notify))),
      answerApproval: ({ params: { approval_id, session_id, turn_id }, payload }) =>
        answered(payload, (notify) => ofTurns(turns.answer(session_id, turn_id, approval_id, payload, notify))),
      cancelTurn: ({ params, payload }) => ofTurns(turns.cancel(params.session_id, params.turn_id, payload.mode)),
      listTurns: ({ params }) =>
        Effect.map(ofTurns(turns.list(params.session_id)), (data) => toList({ data, has_more: false })),
      retrieveTurn: ({ params }) => ofTurns(turns.get(params.session_id, params.turn_id))
    })
  })
)
