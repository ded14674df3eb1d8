/** Notes how an instance fares; that it fares otherwise than before is a change by the request that asked. */
import { Effect } from "effect"
import type { Subject } from "../provider/ProviderHealth.ts"
import { ProviderHealth } from "../provider/ProviderHealth.ts"
import { changeOrigin } from "../system/ChangeOrigin.ts"

export const statusOf = (works: boolean): "ok" | "unhealthy" => works ? "ok" : "unhealthy"

/** `reason`: why it does not work; undefined: it does. */
export const report = Effect.fnUntraced(function*(subject: Subject, reason: string | undefined) {
  const health = yield* ProviderHealth
  const isSame = health.get(subject).status === statusOf(reason === undefined)
  const origin = isSame ? undefined : yield* changeOrigin
  yield* reason === undefined ? health.healthy(subject, origin) : health.unhealthy(subject, reason, origin)
})
