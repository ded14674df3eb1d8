/** Which targets of a model a request may go to, by their conditions. */
import { Effect, Result } from "effect"
import type { ConditionScope, Variable } from "../../kernel/conditions/ConditionScope.ts"
import type { ModelRouting, RoutingTarget } from "../../kernel/resources/ModelRouting.ts"
import * as RoutingConditions from "../../kernel/resources/RoutingConditions.ts"

/** What a condition came to, as the log has it. */
export interface Outcome {
  readonly model: string
  readonly holds: boolean
  /** Why nobody knows. */
  readonly error?: string
}

export interface Held {
  readonly targets: ReadonlyArray<RoutingTarget>
  /** Of the targets that have a condition. */
  readonly outcomes: ReadonlyArray<Outcome>
}

/** `scope` is asked for what the conditions ask about, and nothing else. */
export const held = (
  routing: ModelRouting,
  scope: (variables: ReadonlySet<Variable>) => Effect.Effect<Partial<ConditionScope>>
): Effect.Effect<Held> =>
  RoutingConditions.hasConditions(routing)
    ? Effect.gen(function*() {
      const compiled = yield* RoutingConditions.compile(routing)
      const variables = new Set(
        compiled.flatMap((each) => each !== undefined && Result.isSuccess(each) ? [...each.success.variables] : [])
      )
      const values = yield* scope(variables)
      const outcomes = routing.targets.map(({ model }, index): Outcome | undefined => {
        const condition = compiled[index]
        if (condition === undefined) return undefined
        return Result.match(condition, {
          onFailure: ({ message }) => ({ model, holds: false, error: message }),
          onSuccess: ({ evaluate }) => ({ model, ...evaluate(values) })
        })
      })
      return {
        targets: routing.targets.filter((_, index) => outcomes[index]?.holds !== false),
        outcomes: outcomes.filter((outcome) => outcome !== undefined)
      }
    })
    : Effect.succeed({ targets: routing.targets, outcomes: [] })
