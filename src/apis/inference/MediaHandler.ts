/** Handlers of media operations: their bodies are JSON or forms, and pass as they came. */
import { Effect, Result } from "effect"
import type { HttpServerRequest } from "effect/http"
import * as HttpBytes from "../../kernel/bytes/HttpBytes.ts"
import * as MediaCall from "../../kernel/media/MediaCall.ts"
import type { MediaOperation } from "../../kernel/media/MediaOperation.ts"
import type { Inference } from "./Inference.ts"
import { RequestRefused } from "./Inference.ts"
import { failed } from "./VendorRefusal.ts"

interface Given {
  readonly request: HttpServerRequest.HttpServerRequest
}

/** For `handlers.handleAll`. */
export const make = (ask: Inference["Service"]["media"], operation: MediaOperation) => ({ request }: Given) =>
  Effect.flatMap(Effect.orDie(request.arrayBuffer), (body) =>
    Effect.fromResult(
      Result.mapError(
        MediaCall.read(operation, new Uint8Array(body), request.headers["content-type"] ?? ""),
        ({ message, param }) => new RequestRefused({ detail: message, param, code: "invalid_value" })
      )
    )).pipe(
      Effect.flatMap(ask),
      Effect.catch(failed),
      Effect.map(HttpBytes.toResponse)
    )
