/** Work on Effect's workflow engine: it decides which server does what, when again, and who goes on for one that was lost. */
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import { Clock, Duration, Effect, Layer, Option, Schema } from "effect"
import type { Scope } from "effect"
import { ClusterWorkflowEngine, RunnerAddress, Sharding, SingleRunner } from "effect/cluster"
import type { SqlClient } from "effect/sql"
import type { WorkflowEngine } from "effect/workflow"
import { Activity, DurableClock, Workflow } from "effect/workflow"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import * as EngineCleaning from "./EngineCleaning.ts"
import type { AttemptEnd } from "./WorkAttempt.ts"
import type { WorkReference } from "./WorkLease.ts"

/**
 * `generation`: raised where the engine has done with work that the log shows open, as after a log that was restored.
 */
export interface Execution extends WorkReference {
  readonly generation: number
}

export interface Engine {
  /** Has it done, by this server or another one; what is asked for twice is done once. */
  readonly execute: (execution: Execution) => Effect.Effect<void>
  /** True where the engine has done with it. */
  readonly isDone: (execution: Execution) => Effect.Effect<boolean>
  /** Looks now for what others have submitted. */
  readonly poll: Effect.Effect<void>
  /** Clears what had ended when it was asked before. */
  readonly clean: Effect.Effect<void, unknown>
}

const Work = Workflow.make("work", {
  payload: {
    tenant: Schema.String,
    workId: Schema.String,
    stream: Schema.String,
    generation: Schema.Int
  },
  success: Schema.Void,
  idempotencyKey: ({ generation, stream, tenant, workId }) => JSON.stringify([tenant, stream, workId, generation])
})

const Ended = Schema.Struct({ retryAt: Schema.NullOr(Schema.Finite) })

/** A server that is silent for so long is lost. */
const lockExpiration = "10 seconds"

const shardingConfig = (shared: boolean, runner: string) => ({
  runnerAddress: Option.some(RunnerAddress.make(runner, 0)),
  shardsPerGroup: shared ? 64 : 8,
  // Of one server alone all work is its own, and told at once.
  entityMessagePollInterval: shared ? "1 second" : "10 seconds",
  refreshAssignmentsInterval: "2 seconds",
  shardLockExpiration: lockExpiration,
  // Advisory locks belong to a whole database: Stratas in two schemas of one would take each other's shards.
  shardLockDisableAdvisory: true,
  shardLockRefreshInterval: "3 seconds",
  entityTerminationTimeout: "5 seconds",
  simulateRemoteSerialization: false
} as const)

export interface Options {
  readonly runner: string
  readonly shared: boolean
  readonly client: Layer.Layer<SqlClient.SqlClient, unknown>
  readonly attempt: (reference: WorkReference) => Effect.Effect<AttemptEnd, EventLogUnavailable>
}

/** The log was away: it is tried again, without an end. */
const unlessLogged = "5 seconds"

export const make = Effect.fnUntraced(function*({ attempt, client, runner, shared }: Options) {
  const code = Work.toLayer(Effect.fnUntraced(function*(reference) {
    for (let number = 1;; number++) {
      const { retryAt } = yield* Activity.make({
        name: `attempt-${number}`,
        success: Ended,
        execute: attempt(reference).pipe(
          Effect.map(({ retryAt }) => ({ retryAt: retryAt ?? null })),
          Effect.catch((error) =>
            Effect.andThen(
              Effect.logWarning(`Work ${reference.workId} waits: ${error.message}`),
              Effect.as(Effect.sleep(unlessLogged), { retryAt: 0 })
            )
          )
        )
      })
      if (retryAt === null) return
      const pause = Math.max(0, retryAt - (yield* Clock.currentTimeMillis))
      yield* DurableClock.sleep({ name: `pause-${number}`, duration: Duration.millis(pause) })
    }
  }))
  const engine = ClusterWorkflowEngine.layer.pipe(
    Layer.provideMerge(SingleRunner.layer({
      runnerStorage: shared ? "sql" : "memory",
      shardingConfig: shardingConfig(shared, runner)
    })),
    Layer.provideMerge(client),
    Layer.provide(NodeCrypto.layerDigest)
  )
  const context = yield* Layer.build(Layer.provideMerge(code, engine))
  const clean = yield* Effect.provideContext(EngineCleaning.make(`Workflow/${Work._tag}`), context)
  const provided = <A, E>(effect: Effect.Effect<A, E, WorkflowEngine.WorkflowEngine | Sharding.Sharding>) =>
    Effect.provideContext(effect, context)
  return {
    execute: (execution) => provided(Effect.asVoid(Work.execute(execution, { discard: true }))),
    isDone: (execution) =>
      provided(Effect.flatMap(Work.executionId(execution), (id) => Work.poll(id))).pipe(
        Effect.map((result) => Option.isSome(result) && result.value._tag === "Complete")
      ),
    poll: provided(Effect.flatMap(Sharding.Sharding, (sharding) => sharding.pollStorage)),
    clean
  } satisfies Engine
}) satisfies (options: Options) => Effect.Effect<Engine, unknown, Scope.Scope>
