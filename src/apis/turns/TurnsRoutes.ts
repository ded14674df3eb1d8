/** The HTTP face of turns. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { documentErrors } from "../../kernel/http/DocumentRoutes.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { OpensSession, Recorded, SessionParameter } from "../../kernel/http/RouteAnnotations.ts"
import { AnswerApproval, CancelTurn, CreateTurn, Turn, TurnFrame, TurnList } from "./TurnsModels.ts"

const ofSession = {
  session_id: Schema.String.annotate({ description: "The session; a new id begins one.", examples: ["chat-1"] })
}
const ofTurn = { ...ofSession, turn_id: Schema.String.annotate({ description: "The turn's `id`." }) }
const ofApproval = { ...ofTurn, approval_id: Schema.String.annotate({ description: "As the turn's `approvals` say." }) }

/** Each event's data is a `TurnStreamEvent`, and its name is its type. */
const stream = HttpApiSchema.StreamSse({ events: TurnFrame })

export class TurnsRoutes extends HttpApiGroup.make("turns")
  .add(
    HttpApiEndpoint.post("createTurn", "/sessions/:session_id/turns", {
      params: ofSession,
      payload: CreateTurn,
      success: [Turn, stream],
      error: documentErrors.change
    }).annotate(SessionParameter, "session_id").annotateMerge(OpenApi.annotations({
      identifier: "createTurn",
      summary: "Run a turn",
      description:
        "Adds the input to the session's conversation, calls the model, runs the tools it calls side by side, gives it " +
        "their results, and so on, until it has answered or a limit is reached. The turn is what is answered, also where " +
        "the model failed (`status: error`). One turn of a session runs at a time: another gets 409, and so does one " +
        "behind a turn that waits for approvals. A client that leaves cancels its turn.",
      transform: parameters({ fields: ofSession })
    })),
    HttpApiEndpoint.get("listTurns", "/sessions/:session_id/turns", {
      params: ofSession,
      success: TurnList,
      error: documentErrors.read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "listTurns",
      summary: "List a session's turns",
      description: "All of them, with what the session inherits, oldest first.",
      transform: parameters({ fields: ofSession })
    })),
    HttpApiEndpoint.get("retrieveTurn", "/sessions/:session_id/turns/:turn_id", {
      params: ofTurn,
      success: Turn,
      error: documentErrors.read
    }).annotate(Recorded, false).annotateMerge(OpenApi.annotations({
      identifier: "retrieveTurn",
      summary: "Retrieve a turn",
      description: "As far as it has come.",
      transform: parameters({ fields: ofTurn })
    })),
    HttpApiEndpoint.post("cancelTurn", "/sessions/:session_id/turns/:turn_id/cancel", {
      params: ofTurn,
      payload: CancelTurn,
      success: Turn,
      error: documentErrors.change
    }).annotate(OpensSession, false).annotateMerge(OpenApi.annotations({
      identifier: "cancelTurn",
      summary: "Cancel a turn",
      description:
        "Ends a turn that runs, in whichever process, or waits; answers when it has ended. `graceful` finishes what runs " +
        "and keeps its results; `immediate` gives it up. A turn whose process is gone is closed.",
      transform: parameters({ fields: ofTurn })
    })),
    HttpApiEndpoint.post("answerApproval", "/sessions/:session_id/turns/:turn_id/approvals/:approval_id", {
      params: ofApproval,
      payload: AnswerApproval,
      success: [Turn, stream],
      error: documentErrors.change
    }).annotate(SessionParameter, "session_id").annotateMerge(OpenApi.annotations({
      identifier: "answerApproval",
      summary: "Answer an approval",
      description:
        "Grants or denies a call of a tool. The last answer that a turn with `requires_approval` waits for goes on with it, " +
        "and is answered as `createTurn` is; where a request waits for the answer, that one goes on. It may come at any " +
        "time, also after a restart, and to any server of the log.",
      transform: parameters({ fields: ofApproval })
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({ title: "Turns", description: "A model with tools, turn by turn." }))
{}
