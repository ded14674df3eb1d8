/** What comes of a message of a batch, in Anthropic's dialect. */
import { Schema } from "effect"
import { given, is, maybeNull, object, variants } from "../../DescribedFields.ts"
import { errorDetails, message } from "./Messages.ts"

const error = object("AnthropicError", "An error, as a message that is asked for alone gets it.", () => ({
  type: is("error"),
  error: given(errorDetails(), "The error."),
  request_id: maybeNull(Schema.String, "The id of the request.", "req_6f0a1c")
}))

const result = variants("AnthropicBatchResult", "What came of it.", () => [
  object("AnthropicBatchSucceeded", "It was answered.", () => ({
    type: is("succeeded"),
    message: given(message(), "The answer.")
  }))(),
  object("AnthropicBatchErrored", "It was refused, or failed.", () => ({
    type: is("errored"),
    error: given(error(), "Why.")
  }))(),
  object("AnthropicBatchCanceled", "The batch was cancelled before it was answered.", () => ({
    type: is("canceled")
  }))(),
  object("AnthropicBatchExpired", "The batch's time was over before it was answered.", () => ({
    type: is("expired")
  }))()
])

export const messageBatchResult = object("AnthropicBatchResultLine", "A line of the results.", () => ({
  custom_id: given(Schema.String, "The name that the client gave the message.", "line-1"),
  result: given(result(), "What came of it.")
}))
