/** The services of sessions, each behind the guard. */
import { Layer } from "effect"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as SessionFilesLive from "./SessionFilesLive.ts"
import * as SessionForkingLive from "./SessionForkingLive.ts"
import * as SessionGuard from "./SessionGuard.ts"
import * as SessionLifecycleLive from "./SessionLifecycleLive.ts"
import * as SessionReadsLive from "./SessionReadsLive.ts"
import * as SessionReplayLive from "./SessionReplayLive.ts"
import { SessionsHandlers } from "./SessionsHandlers.ts"

const unguarded = Layer.mergeAll(
  SessionFilesLive.layer,
  SessionForkingLive.layer,
  SessionLifecycleLive.layer,
  SessionReplayLive.layer
).pipe(Layer.provideMerge(SessionReadsLive.layer))

/** Nothing reaches sessions but through their guard. */
export const live = ApiModule.live({
  handlers: SessionsHandlers,
  layer: SessionGuard.layer.pipe(Layer.provide(unguarded))
})
