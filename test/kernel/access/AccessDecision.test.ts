/** The rules of access, case by case: who may do what to what, and which rule says so. */
import { assert, describe, it } from "@effect/vitest"
import type { Principal } from "../../../src/events/Principal.ts"
import { decide } from "../../../src/kernel/access/AccessDecision.ts"
import * as AccessFilter from "../../../src/kernel/access/AccessFilter.ts"
import type { AccessRule, Action } from "../../../src/kernel/access/AccessPolicy.ts"
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import type { AccessResource, ResourceType } from "../../../src/kernel/access/AccessResource.ts"

const who = (id: string, attributes: Principal["attributes"] = {}): Principal => ({ id, attributes })
const alice = who("alice", { teams: ["red", "blue"], roles: ["user"] })
const bob = who("bob", { teams: ["green"], roles: ["user", "admin"] })
const carol = who("carol", { teams: ["red"] })
const dave = who("dave")

const of = (id: string, owner: Principal | null = null): AccessResource => {
  const [type = "", name = ""] = id.split("::")
  return { type: type as ResourceType, id: name, owner }
}
const model = of("model::openai/gpt-4o")
const alices = of("session::s1", alice)
const unowned = of("session::s0")

const all = AccessPolicy.actions
const read: AccessRule = { permit: { actions: "read" } }
const permit = (scope: Partial<NonNullable<AccessRule["permit"]>>, more: Partial<AccessRule> = {}): AccessRule => ({
  permit: { actions: "read", ...scope },
  ...more
})
const forbid = (scope: Partial<NonNullable<AccessRule["forbid"]>>, more: Partial<AccessRule> = {}): AccessRule => ({
  forbid: { actions: "read", ...scope },
  ...more
})

interface Row {
  readonly name: string
  readonly policy: ReadonlyArray<AccessRule> | AccessPolicy.AccessPolicy
  /** Null: anonymous. */
  readonly principal: Principal | null
  readonly action?: Action
  readonly resource?: AccessResource
  /** The place of the rule, and what it says; null: none fitted, which denies. */
  readonly expected: readonly ["permit" | "forbid", number] | null
}

const rows: ReadonlyArray<Row> = [
  // Scope: actions
  { name: "a rule permits its action", policy: [read], principal: alice, expected: ["permit", 0] },
  { name: "a rule says nothing of other actions", policy: [read], principal: alice, action: "update", expected: null },
  {
    name: "a list of actions permits each of them",
    policy: [permit({ actions: ["create", "delete"] })],
    principal: alice,
    action: "delete",
    expected: ["permit", 0]
  },
  {
    name: "a list of actions says nothing of the others",
    policy: [permit({ actions: ["create", "delete"] })],
    principal: alice,
    expected: null
  },
  // Scope: principal
  {
    name: "a principal's rule is for the principal",
    policy: [permit({ principal: "alice" })],
    principal: alice,
    expected: ["permit", 0]
  },
  {
    name: "a principal's rule is not for others",
    policy: [permit({ principal: "alice" })],
    principal: bob,
    expected: null
  },
  {
    name: "a principal's rule is not for the anonymous",
    policy: [permit({ principal: "alice" })],
    principal: null,
    expected: null
  },
  { name: "a rule without principal is for everyone", policy: [read], principal: null, expected: ["permit", 0] },
  {
    name: "names of principals are compared whole",
    policy: [permit({ principal: "ali" })],
    principal: alice,
    expected: null
  },
  // Scope: resource
  {
    name: "type::id is that resource",
    policy: [permit({ resource: "model::openai/gpt-4o" })],
    principal: alice,
    expected: ["permit", 0]
  },
  {
    name: "type::id is no longer id",
    policy: [permit({ resource: "model::openai/gpt-4" })],
    principal: alice,
    expected: null
  },
  {
    name: "type::id is no resource of another type with the same id",
    policy: [permit({ resource: "shield::openai/gpt-4o" })],
    principal: alice,
    expected: null
  },
  {
    name: "type::* is every resource of the type",
    policy: [permit({ resource: "model::*" })],
    principal: alice,
    expected: ["permit", 0]
  },
  {
    name: "type::* is no resource of another type",
    policy: [permit({ resource: "model::*" })],
    principal: alice,
    resource: unowned,
    expected: null
  },
  {
    name: "type::* is no type that only begins alike",
    policy: [permit({ resource: "tool::*" })],
    principal: alice,
    resource: of("tool_group::search"),
    expected: null
  },
  { name: "* is everything", policy: [permit({ resource: "*" })], principal: alice, expected: ["permit", 0] },
  {
    name: "a prefix is what begins with it",
    policy: [permit({ resource: "model::openai/*" })],
    principal: alice,
    expected: ["permit", 0]
  },
  {
    name: "a prefix is not what begins otherwise",
    policy: [permit({ resource: "model::anthropic/*" })],
    principal: alice,
    expected: null
  },
  {
    name: "a regular expression is what it matches",
    policy: [permit({ resource: "regex:model::(openai|local)/gpt-.*" })],
    principal: alice,
    expected: ["permit", 0]
  },
  {
    name: "a regular expression must match the whole",
    policy: [permit({ resource: "regex:openai" })],
    principal: alice,
    expected: null
  },
  {
    name: "alternatives of a regular expression must match the whole, each",
    policy: [permit({ resource: "regex:model::openai|x" })],
    principal: alice,
    expected: null
  },
  {
    name: "a star within an id is a letter",
    policy: [permit({ resource: "model::*/gpt-4o" })],
    principal: alice,
    expected: null
  },
  // Conditions: owner
  {
    name: "user is owner: the owner",
    policy: [permit({}, { when: "user is owner" })],
    principal: alice,
    resource: alices,
    expected: ["permit", 0]
  },
  {
    name: "user is owner: another",
    policy: [permit({}, { when: "user is owner" })],
    principal: bob,
    resource: alices,
    expected: null
  },
  {
    name: "user is owner: of an unowned resource nobody is",
    policy: [permit({}, { when: "user is owner" })],
    principal: alice,
    resource: unowned,
    expected: null
  },
  {
    name: "user is owner: the anonymous own nothing, not even what nobody owns",
    policy: [permit({}, { when: "user is owner" })],
    principal: null,
    resource: unowned,
    expected: null
  },
  {
    name: "user is not owner: another",
    policy: [forbid({}, { when: "user is not owner" }), read],
    principal: bob,
    resource: alices,
    expected: ["forbid", 0]
  },
  {
    name: "user is not owner: the owner",
    policy: [forbid({}, { when: "user is not owner" }), read],
    principal: alice,
    resource: alices,
    expected: ["permit", 1]
  },
  {
    name: "ownership is by name, whatever the attributes were",
    policy: [permit({}, { when: "user is owner" })],
    principal: who("alice"),
    resource: alices,
    expected: ["permit", 0]
  },
  // Conditions: attributes
  {
    name: "user with V in A: has it",
    policy: [permit({}, { when: "user with admin in roles" })],
    principal: bob,
    expected: ["permit", 0]
  },
  {
    name: "user with V in A: has another",
    policy: [permit({}, { when: "user with admin in roles" })],
    principal: alice,
    expected: null
  },
  {
    name: "user with V in A: has it under another name",
    policy: [permit({}, { when: "user with red in roles" })],
    principal: alice,
    expected: null
  },
  {
    name: "user with V in A: has no attributes",
    policy: [permit({}, { when: "user with admin in roles" })],
    principal: dave,
    expected: null
  },
  {
    name: "user with V in A: is anonymous",
    policy: [permit({}, { when: "user with admin in roles" })],
    principal: null,
    expected: null
  },
  {
    name: "user with V in A: a name every object has is no attribute",
    policy: [permit({}, { when: "user with admin in constructor" })],
    principal: dave,
    expected: null
  },
  {
    name: "user with V not in A: has another",
    policy: [forbid({}, { when: "user with admin not in roles" }), read],
    principal: alice,
    expected: ["forbid", 0]
  },
  {
    name: "user with V not in A: has it",
    policy: [forbid({}, { when: "user with admin not in roles" }), read],
    principal: bob,
    expected: ["permit", 1]
  },
  {
    name: "user in owners A: shares a value",
    policy: [permit({}, { when: "user in owners teams" })],
    principal: carol,
    resource: alices,
    expected: ["permit", 0]
  },
  {
    name: "user in owners A: shares none",
    policy: [permit({}, { when: "user in owners teams" })],
    principal: bob,
    resource: alices,
    expected: null
  },
  {
    name: "user in owners A: the owner has none",
    policy: [permit({}, { when: "user in owners teams" })],
    principal: alice,
    resource: of("session::s2", dave),
    expected: null
  },
  {
    name: "user in owners A: the user has none",
    policy: [permit({}, { when: "user in owners teams" })],
    principal: dave,
    resource: alices,
    expected: null
  },
  {
    name: "user in owners A: nobody owns it",
    policy: [permit({}, { when: "user in owners teams" })],
    principal: alice,
    resource: unowned,
    expected: null
  },
  {
    name: "user not in owners A: shares none",
    policy: [forbid({}, { when: "user not in owners teams" }), read],
    principal: bob,
    resource: alices,
    expected: ["forbid", 0]
  },
  {
    name: "user not in owners A: shares one",
    policy: [forbid({}, { when: "user not in owners teams" }), read],
    principal: carol,
    resource: alices,
    expected: ["permit", 1]
  },
  // Conditions: unowned
  {
    name: "resource is unowned: it is",
    policy: [permit({}, { when: "resource is unowned" })],
    principal: null,
    resource: unowned,
    expected: ["permit", 0]
  },
  {
    name: "resource is unowned: it is not",
    policy: [permit({}, { when: "resource is unowned" })],
    principal: alice,
    resource: alices,
    expected: null
  },
  {
    name: "resource is not unowned: it is owned",
    policy: [forbid({}, { when: "resource is not unowned" }), read],
    principal: bob,
    resource: alices,
    expected: ["forbid", 0]
  },
  // Several conditions; unless
  {
    name: "when: all of a list hold",
    policy: [permit({}, { when: ["user with user in roles", "user in owners teams"] })],
    principal: alice,
    resource: alices,
    expected: ["permit", 0]
  },
  {
    name: "when: one of a list does not hold",
    policy: [permit({}, { when: ["user with user in roles", "user in owners teams"] })],
    principal: carol,
    resource: alices,
    expected: null
  },
  {
    name: "unless: the condition does not hold",
    policy: [forbid({ resource: "model::*" }, { unless: "user with admin in roles" }), read],
    principal: alice,
    expected: ["forbid", 0]
  },
  {
    name: "unless: the condition holds",
    policy: [forbid({ resource: "model::*" }, { unless: "user with admin in roles" }), read],
    principal: bob,
    expected: ["permit", 1]
  },
  {
    name: "unless: one of a list does not hold",
    policy: [forbid({}, { unless: ["user with admin in roles", "user is owner"] }), read],
    principal: bob,
    resource: alices,
    expected: ["forbid", 0]
  },
  {
    name: "unless: all of a list hold",
    policy: [forbid({}, { unless: ["user with user in roles", "user is owner"] }), read],
    principal: alice,
    resource: alices,
    expected: ["permit", 1]
  },
  {
    name: "a permit unless: the anonymous have no role",
    policy: [permit({}, { unless: "user with guest in roles" })],
    principal: null,
    expected: ["permit", 0]
  },
  // First match, default deny
  {
    name: "the first rule that fits decides: forbid before permit",
    policy: [forbid({ resource: "model::*" }), read],
    principal: alice,
    expected: ["forbid", 0]
  },
  {
    name: "the first rule that fits decides: permit before forbid",
    policy: [read, forbid({ resource: "model::*" })],
    principal: alice,
    expected: ["permit", 0]
  },
  {
    name: "a forbid whose condition fails leaves it to the next",
    policy: [forbid({}, { when: "user is owner" }), permit({ principal: "bob" })],
    principal: bob,
    resource: alices,
    expected: ["permit", 1]
  },
  {
    name: "what no rule fits is denied",
    policy: [permit({ principal: "bob" }), permit({ resource: "shield::*" })],
    principal: alice,
    expected: null
  },
  { name: "a policy without rules denies", policy: [], principal: alice, expected: null },
  // What holds without rules
  {
    name: "without authentication and rules: everything",
    policy: AccessPolicy.open,
    principal: null,
    action: "delete",
    resource: alices,
    expected: ["permit", 0]
  },
  {
    name: "without authentication and rules: the whole log too",
    policy: AccessPolicy.open,
    principal: null,
    resource: of("events::all"),
    expected: ["permit", 0]
  },
  {
    name: "without rules: one's own",
    policy: AccessPolicy.owners,
    principal: alice,
    action: "update",
    resource: alices,
    expected: ["permit", 1]
  },
  {
    name: "without rules: not that of others, of one's team neither",
    policy: AccessPolicy.owners,
    principal: carol,
    resource: alices,
    expected: null
  },
  {
    name: "without rules: what is nobody's",
    policy: AccessPolicy.owners,
    principal: dave,
    action: "delete",
    resource: unowned,
    expected: ["permit", 2]
  },
  {
    name: "without rules: not the whole log",
    policy: AccessPolicy.owners,
    principal: bob,
    resource: of("events::all"),
    expected: ["forbid", 0]
  },
  // Llama Stack's own examples
  {
    name: "Llama Stack: user-1 has full access to all models",
    policy: [permit({ principal: "user-1", actions: ["create", "read", "delete"], resource: "model::*" })],
    principal: who("user-1"),
    action: "create",
    expected: ["permit", 0]
  },
  {
    name: "Llama Stack: only admins use vector stores, who is none",
    policy: [
      permit({ actions: all }, { when: "user in owners teams" }),
      forbid({ actions: all, resource: "vector_store::*" }, { unless: "user with admin in roles" })
    ],
    principal: alice,
    resource: of("vector_store::v", bob),
    expected: ["forbid", 1]
  }
]

describe("access", () => {
  it("has rows of different names", () => {
    assert.strictEqual(new Set(rows.map(({ name }) => name)).size, rows.length)
  })

  for (const { action = "read", expected, name, policy: rules, principal, resource = model } of rows) {
    const policy = "rules" in rules ? rules : AccessPolicy.compile(rules)

    it(name, () => {
      assert.deepStrictEqual(decide(policy, principal, action, resource), {
        permitted: expected?.[0] === "permit",
        rule: expected?.[1] ?? null
      })
    })

    it(`${name}: in a query too`, () => {
      const filter = AccessFilter.make(policy, principal, action, resource.type)
      assert.strictEqual(AccessFilter.permits(filter, resource), expected?.[0] === "permit")
    })
  }
})
