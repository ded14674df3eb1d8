/** A provider instance as routers see it: it may still have to start, and joins when it has. */
import { Effect, Latch } from "effect"
import type { ProviderUnavailable } from "../http/ProviderUnavailable.ts"

export interface Instance<Shape> {
  readonly api: string
  readonly id: string
  readonly type: string
  /** Nothing works without it: it must start, and while it does not work the server is degraded. */
  readonly required: boolean
  /** What it does; asked for at each use, for it may join later. */
  readonly service: Effect.Effect<Shape, ProviderUnavailable>
  /** Waits until it runs. */
  readonly started: Effect.Effect<void>
  /** Open: something it did failed, and who watches it is to check it now. */
  readonly checkRequested: Latch.Latch
  /** What its last check came to; undefined: there was none. */
  readonly lastCheck: { works: boolean | undefined }
}

/** An instance that runs already. */
export const running = <Shape>(
  about: Pick<Instance<Shape>, "api" | "id" | "type"> & { readonly service: Shape; readonly required?: boolean }
): Instance<Shape> => ({
  required: false,
  ...about,
  service: Effect.succeed(about.service),
  started: Effect.void,
  checkRequested: Latch.makeUnsafe(false),
  lastCheck: { works: undefined }
})

/** As events and the provider API name it. */
export const subjectOf = ({ api, id, type }: Instance<unknown>) => ({ api, provider_id: id, provider_type: type })
