/** The conditions of a model's targets: all of them are compiled before the model is registered. */
import { Effect, Result } from "effect"
import type { Condition, ConditionInvalid } from "../conditions/Condition.ts"
import * as Conditions from "../conditions/Condition.ts"
import type { ModelRouting, RoutingTarget } from "./ModelRouting.ts"

/** Of a target: undefined where it has none. */
export type Compiled = ReadonlyArray<Result.Result<Condition, ConditionInvalid> | undefined>

const compileOne = ({ when }: RoutingTarget, targets: ReadonlyArray<string>) =>
  when === undefined ? Effect.undefined : Effect.result(Conditions.compile(when, { targets }))

const fresh = ({ targets }: ModelRouting): Effect.Effect<Compiled> =>
  Effect.forEach(targets, (target) => compileOne(target, targets.map(({ model }) => model)))

/** By the routing: the registry keeps the same one as long as it stands. */
const kept = new WeakMap<ModelRouting, Compiled>()

export const compile = (routing: ModelRouting): Effect.Effect<Compiled> => {
  const before = kept.get(routing)
  if (before !== undefined) return Effect.succeed(before)
  return Effect.tap(fresh(routing), (compiled) => Effect.sync(() => kept.set(routing, compiled)))
}

export const hasConditions = ({ targets }: ModelRouting): boolean => targets.some(({ when }) => when !== undefined)

export interface Issue {
  /** `targets`, its place, `when`. */
  readonly path: readonly ["targets", number, "when"]
  readonly message: string
}

/** What is wrong with the conditions; empty: nothing. */
export const issues = (routing: ModelRouting): Effect.Effect<ReadonlyArray<Issue>> =>
  hasConditions(routing)
    ? Effect.map(compile(routing), (compiled) =>
      compiled.flatMap((each, index) =>
        each !== undefined && Result.isFailure(each)
          ? [{ path: ["targets", index, "when"] as const, message: each.failure.message }]
          : []
      ))
    : Effect.succeed([])
