/** The results of a message batch, a line each: first those with an answer, in the order in which they came. */
import { Effect, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { isFields, parse } from "../../events/types/JsonAccess.ts"
import * as BatchAnswers from "./BatchAnswers.ts"
import * as BatchInput from "./BatchInput.ts"
import type { KeptBatch } from "./BatchKind.ts"
import { isGood } from "./BatchKind.ts"
import type { LineAnswer } from "./BatchOutput.ts"
import { inOneLine } from "./BatchOutput.ts"

const line = (custom_id: string, result: string): string =>
  `{"custom_id":${JSON.stringify(custom_id)},"result":${result}}\n`

/** An error is in Anthropic's envelope, also where the vendor's is none. */
const errorOf = (body: string): string => {
  const error = parse(body)
  return isFields(error) && error["type"] === "error" && isFields(error["error"]) ? inOneLine(body) : JSON.stringify({
    type: "error",
    error: { type: "api_error", message: body }
  })
}

const answered = ({ body, custom_id, status_code }: LineAnswer): string =>
  line(
    custom_id,
    isGood(status_code)
      ? `{"type":"succeeded","message":${inOneLine(body)}}`
      : `{"type":"errored","error":${errorOf(body)}}`
  )

const withoutAnswer = ({ errors, status }: KeptBatch): string =>
  status === "cancelled"
    ? "{\"type\":\"canceled\"}"
    : status === "expired"
    ? "{\"type\":\"expired\"}"
    : JSON.stringify({
      type: "errored",
      error: { type: "error", error: { type: "api_error", message: errors[0]?.message ?? "The batch failed." } }
    })

export const make = (
  hub: EventHub["Service"],
  batch: KeptBatch
): Stream.Stream<string, EventLogUnavailable | BatchInput.InputFailure> => {
  const answers = Stream.map(BatchAnswers.all(hub, batch.id), answered)
  if (batch.completed + batch.failed === batch.total) return answers
  const missing = Effect.map(
    BatchAnswers.lines(hub, batch.id),
    (answered) =>
      BatchInput.lines({ hub, files: undefined }, batch).pipe(
        Stream.filter((each) => !answered.has(each.line)),
        Stream.map(({ custom_id }) => line(custom_id, withoutAnswer(batch)))
      )
  )
  return Stream.concat(answers, Stream.unwrap(missing))
}
