/** The service of sessions over a log, for tests without a server: nothing can be verified there. */
import { Layer } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import { Stopping } from "../../src/kernel/requests/Stopping.ts"
import { Sessions } from "../../src/kernel/sessions/Sessions.ts"
import { SessionVerifier } from "../../src/kernel/sessions/SessionVerifier.ts"

export const layer = Sessions.layer(apis).pipe(
  Layer.provide([SessionVerifier.unavailable, Stopping.layer])
)
