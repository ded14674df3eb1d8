/**
 * Makes one decision of the results of several hooks. Pure: what runs them is `Hooks`.
 *
 * deny > ask_user > inject_context > modify > continue. Changes of the data stay, whichever action wins; injections
 * stay beside an approval.
 */
import type { Schema } from "effect"
import type { HookDecision } from "./HookDecision.ts"
import { Action } from "./HookEvents.ts"
import type { HookResult } from "./HookResult.ts"

/** One hook's result, in the order they were asked. */
export interface Step {
  readonly hook: string
  readonly result: HookResult
}

type Of<A extends Action> = Step & { readonly result: Extract<HookResult, { readonly action: A }> }

/** Actions an event can be subject to, besides continue. */
export type Honoured = ReadonlyArray<Exclude<Action, "continue">>

export const everything: Honoured = ["deny", "ask_user", "inject_context", "modify"]

export const isHonoured = (honoured: Honoured, { action }: HookResult): boolean =>
  action === "continue" || honoured.includes(action)

const defaultOptions = ["Allow", "Deny"]
const defaultTimeout = 300

const names = (steps: ReadonlyArray<Step>) => steps.map(({ hook }) => hook)

/** Role and lifetime are those of the first. */
const joined = (steps: ReadonlyArray<Of<"inject_context">>): HookDecision["context"] => {
  const [first] = steps
  return first === undefined ? null : {
    text: steps.map(({ result }) => result.context_injection).join("\n\n"),
    role: first.result.context_injection_role ?? "system",
    ephemeral: first.result.ephemeral ?? false,
    append_to_last_tool_result: steps.some(({ result }) => result.append_to_last_tool_result === true)
  }
}

/** There is no approval system yet: the default answers. */
const answered = (step: Of<"ask_user"> | undefined): HookDecision["approval"] => {
  if (step === undefined) return null
  const { approval_default = "deny", approval_options, approval_prompt, approval_timeout } = step.result
  return {
    prompt: approval_prompt,
    options: approval_options ?? defaultOptions,
    timeout: approval_timeout ?? defaultTimeout,
    default: approval_default,
    answer: approval_default,
    answered_by: "default"
  }
}

const userMessages = (steps: ReadonlyArray<Step>): HookDecision["user_messages"] =>
  steps.flatMap(({ hook, result }) =>
    result.user_message === undefined ? [] : [{
      message: result.user_message,
      level: result.user_message_level ?? "info",
      source: result.user_message_source ?? hook
    }]
  )

/** `data` is what the first hook was given. What is not honoured counts as continue, and is named. */
export const decide = (
  data: Schema.JsonObject,
  steps: ReadonlyArray<Step>,
  honoured: Honoured = everything
): HookDecision => {
  const of = <A extends Action>(action: A) =>
    steps.filter((step): step is Of<A> => step.result.action === action && isHonoured(honoured, step.result))
  const denying = of("deny").slice(0, 1)
  const asking = of("ask_user").slice(0, 1)
  const injecting = of("inject_context")
  const modifying = of("modify")
  const deciding: Record<Action, ReadonlyArray<Step>> = {
    deny: denying,
    ask_user: asking,
    inject_context: injecting,
    modify: modifying,
    continue: []
  }
  const action = Action.literals.find((each) => deciding[each].length > 0) ?? "continue"
  return {
    action,
    data: modifying.at(-1)?.result.data ?? data,
    hooks: names(deciding[action]),
    modified_by: names(modifying),
    reason: denying[0]?.result.reason ?? null,
    context: action === "deny" ? null : joined(injecting),
    approval: answered(asking[0]),
    user_messages: userMessages(steps),
    suppress_output: steps.some(({ result }) => result.suppress_output === true),
    ignored: steps.filter(({ result }) => !isHonoured(honoured, result))
      .map(({ hook, result }) => ({ hook, action: result.action }))
  }
}
