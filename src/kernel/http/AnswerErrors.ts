/** How a request for a model's answer fails, whichever API it comes to. */
import {
  BadGateway,
  BadRequest,
  Forbidden,
  GatewayTimeout,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  UnsupportedMediaType
} from "./HttpErrors.ts"

export const answerErrors = [
  BadRequest,
  Forbidden,
  NotFound,
  PayloadTooLarge,
  UnsupportedMediaType,
  BadGateway,
  ServiceUnavailable,
  GatewayTimeout
] as const
