/** The rules of access: their scope, their order, and what holds without them. */
import * as AccessPolicy from "../../../src/kernel/access/AccessPolicy.ts"
import {
  accessTable,
  alice,
  alices,
  bob,
  carol,
  dave,
  forbid,
  of,
  permit,
  read,
  unowned,
  who
} from "../../support/accessTable.ts"

const all = AccessPolicy.actions

accessTable("access", [
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
])
