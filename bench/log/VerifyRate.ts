/** How fast recorded sessions are verified, beside the same requests sent to the live server one after the other. */
// @effect-diagnostics *:off
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect } from "effect"
import { apis } from "../../src/apis/Apis.ts"
import { Modules } from "../../src/kernel/modules/ModuleSet.ts"
import { registry } from "../../src/providers/Registry.ts"
import * as Verifier from "../../src/server/Verifier.ts"
import { openLog } from "./OpenLog.ts"
import type { RecordedTraffic } from "./RecordedTraffic.ts"

export interface VerifyRate {
  readonly sessions: number
  readonly requests: number
  readonly sessionsPerSecond: number
  readonly requestsPerSecond: number
  readonly liveRequestsPerSecond: number
  /** Requests a second, verified over live. */
  readonly ratio: number
  /** Sessions that would not run the same; 0 is expected. */
  readonly divergent: number
}

export const measureVerify = async (traffic: RecordedTraffic): Promise<VerifyRate> => {
  const log = openLog({ folder: traffic.dataFolder, access: "read" })
  const verify = (session: string) =>
    log.runPromise(
      Verifier.verify(registry, session).pipe(
        Effect.provideService(Modules, apis),
        Effect.provide(NodeHttpServer.layerHttpServices)
      )
    )
  await verify(traffic.sessions[0]!)
  const reports: Array<Verifier.Report> = []
  const startedAt = performance.now()
  for (const session of traffic.sessions) reports.push(await verify(session))
  const seconds = (performance.now() - startedAt) / 1000
  await log.dispose()
  const requests = reports.reduce((sum, report) => sum + report.requests - report.skipped.length, 0)
  const live = traffic.requests / traffic.liveSeconds
  return {
    sessions: reports.length,
    requests,
    sessionsPerSecond: reports.length / seconds,
    requestsPerSecond: requests / seconds,
    liveRequestsPerSecond: live,
    ratio: requests / seconds / live,
    divergent: reports.filter(({ divergence }) => divergence !== undefined).length
  }
}
