/** What masks secrets for who asked: of the request a fiber works for; outside of one, those that are configured. */
import type { Fiber } from "effect"
import { Redactor } from "../../events/redaction/Redactor.ts"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import { CurrentRecording } from "./Recording.ts"

export const of = (fiber: Fiber.Fiber<unknown, unknown>): Redactor =>
  fiber.getRef(CurrentRecording)?.redactor ?? new Redactor([fiber.getRef(ConfiguredSecrets)])
