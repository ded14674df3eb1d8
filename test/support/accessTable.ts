/** The table of access rules: who asks for what, under which rules, and which of them decides. */
import { assert, describe, it } from "@effect/vitest"
import type { Principal } from "../../src/events/types/Principal.ts"
import { decide } from "../../src/kernel/access/AccessDecision.ts"
import * as AccessFilter from "../../src/kernel/access/AccessFilter.ts"
import type { AccessRule, Action } from "../../src/kernel/access/AccessPolicy.ts"
import * as AccessPolicy from "../../src/kernel/access/AccessPolicy.ts"
import type { AccessResource, ResourceType } from "../../src/kernel/access/AccessResource.ts"

export const who = (id: string, attributes: Principal["attributes"] = {}): Principal => ({ id, attributes })
export const alice = who("alice", { teams: ["red", "blue"], roles: ["user"] })
export const bob = who("bob", { teams: ["green"], roles: ["user", "admin"] })
export const carol = who("carol", { teams: ["red"] })
export const dave = who("dave")

export const of = (id: string, owner: Principal | null = null): AccessResource => {
  const [type = "", name = ""] = id.split("::")
  return { type: type as ResourceType, id: name, owner }
}
export const model = of("model::openai/gpt-4o")
export const alices = of("session::s1", alice)
export const unowned = of("session::s0")

export const read: AccessRule = { permit: { actions: "read" } }
export const permit = (
  scope: Partial<NonNullable<AccessRule["permit"]>>,
  more: Partial<AccessRule> = {}
): AccessRule => ({
  permit: { actions: "read", ...scope },
  ...more
})
export const forbid = (
  scope: Partial<NonNullable<AccessRule["forbid"]>>,
  more: Partial<AccessRule> = {}
): AccessRule => ({
  forbid: { actions: "read", ...scope },
  ...more
})

export interface Row {
  readonly name: string
  readonly policy: ReadonlyArray<AccessRule> | AccessPolicy.AccessPolicy
  /** Null: anonymous. */
  readonly principal: Principal | null
  readonly action?: Action
  readonly resource?: AccessResource
  /** The place of the rule, and what it says; null: none fitted, which denies. */
  readonly expected: readonly ["permit" | "forbid", number] | null
}

/** Each row, by decision and in a query. */
export const accessTable = (about: string, rows: ReadonlyArray<Row>) => {
  describe(`${about}:`, () => {
    it("has rows of different names", () => {
      assert.strictEqual(new Set(rows.map(({ name }) => name)).size, rows.length)
    })

    it.each(rows)("$name", ({ action = "read", expected, policy: rules, principal, resource = model }) => {
      const policy = "rules" in rules ? rules : AccessPolicy.compile(rules)
      assert.deepStrictEqual(decide(policy, principal, action, resource), {
        permitted: expected?.[0] === "permit",
        rule: expected?.[1] ?? null
      })
      const filter = AccessFilter.make(policy, principal, action, resource.type)
      assert.strictEqual(AccessFilter.permits(filter, resource), expected?.[0] === "permit", "in a query")
    })
  })
}
