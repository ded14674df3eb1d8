/** How operations on documents of clients fail. */
import {
  BadRequest,
  Conflict,
  Forbidden,
  NotFound,
  PayloadTooLarge,
  ServiceUnavailable,
  UnsupportedMediaType
} from "./HttpErrors.ts"

export const documentErrors = {
  read: [NotFound, ServiceUnavailable],
  list: [BadRequest, NotFound, ServiceUnavailable],
  change: [BadRequest, Forbidden, NotFound, Conflict, PayloadTooLarge, UnsupportedMediaType, ServiceUnavailable]
} as const
