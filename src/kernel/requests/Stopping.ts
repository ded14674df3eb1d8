/** Completed when the server begins to stop: what would never end by itself ends then. */
import { Context, Deferred, Layer } from "effect"

export class Stopping extends Context.Service<Stopping, Deferred.Deferred<void>>()("strata/kernel/requests/Stopping") {
  static readonly layer = Layer.effect(Stopping, Deferred.make<void>())
}
