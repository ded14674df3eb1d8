/** The rules of routes, case by case. */
import { assert, describe, it } from "@effect/vitest"
import type { Principal } from "../../../src/events/types/Principal.ts"
import type { RouteRule } from "../../../src/kernel/access/RoutePolicy.ts"
import * as RoutePolicy from "../../../src/kernel/access/RoutePolicy.ts"

const alice: Principal = { id: "alice", attributes: { roles: ["developer"] } }
const root: Principal = { id: "root", attributes: { roles: ["admin"] } }

const permit = (
  paths: string | readonly [string, ...ReadonlyArray<string>],
  more: Partial<RouteRule> = {}
): RouteRule => ({
  permit: { paths },
  ...more
})

interface Row {
  readonly name: string
  readonly policy: ReadonlyArray<RouteRule>
  readonly principal?: Principal | null
  readonly method?: string
  readonly path: string
  readonly expected: number | null
  /** Default true. */
  readonly permitted?: boolean
}

const chat = "/v1/chat/completions"

const rows: ReadonlyArray<Row> = [
  { name: "a path is that path", policy: [permit(chat)], path: chat, expected: 0 },
  { name: "a path is no longer path", policy: [permit("/v1/chat")], path: chat, expected: null },
  { name: "a path is no shorter path", policy: [permit(chat)], path: "/v1/chat", expected: null },
  { name: "a list is each of them", policy: [permit(["/v1/models", chat])], path: chat, expected: 0 },
  { name: "a prefix is what begins with it", policy: [permit("/v1/chat*")], path: chat, expected: 0 },
  { name: "a prefix is not what begins otherwise", policy: [permit("/v1/files*")], path: chat, expected: null },
  { name: "* is everything", policy: [permit("*")], path: "/", expected: 0 },
  { name: "a regular expression must match the whole", policy: [permit("regex:/v1/chat")], path: chat, expected: null },
  {
    name: "a regular expression is what it matches",
    policy: [permit("regex:/v1/(chat|x)/.*")],
    path: chat,
    expected: 0
  },
  { name: "what no rule permits is denied", policy: [permit("/v1/models")], path: chat, expected: null },
  {
    name: "the first rule that fits decides",
    policy: [{ forbid: { paths: chat } }, permit("*")],
    path: chat,
    expected: 0,
    permitted: false
  },
  {
    name: "when: the user has it",
    policy: [permit("*", { when: "user with admin in roles" })],
    principal: root,
    path: chat,
    expected: 0
  },
  {
    name: "when: has another",
    policy: [permit("*", { when: "user with admin in roles" })],
    path: chat,
    expected: null
  },
  {
    name: "when: is anonymous",
    policy: [permit("*", { when: "user with admin in roles" })],
    principal: null,
    path: chat,
    expected: null
  },
  {
    name: "unless: has another",
    policy: [{ forbid: { paths: "*" }, unless: "user with admin in roles" }, permit("*")],
    path: chat,
    expected: 0,
    permitted: false
  },
  {
    name: "unless: the user has it",
    policy: [{ forbid: { paths: "*" }, unless: "user with admin in roles" }, permit("*")],
    principal: root,
    path: chat,
    expected: 1
  },
  { name: "a principal's rule", policy: [{ permit: { paths: "*", principal: "alice" } }], path: chat, expected: 0 },
  {
    name: "a principal's rule is not for others",
    policy: [{ permit: { paths: "*", principal: "alice" } }],
    principal: root,
    path: chat,
    expected: null
  },
  {
    name: "actions: GET reads",
    policy: [{ permit: { paths: "*", actions: "read" } }],
    method: "GET",
    path: chat,
    expected: 0
  },
  {
    name: "actions: HEAD reads",
    policy: [{ permit: { paths: "*", actions: "read" } }],
    method: "HEAD",
    path: chat,
    expected: 0
  },
  {
    name: "actions: POST creates",
    policy: [{ permit: { paths: "*", actions: ["read", "create"] } }],
    path: chat,
    expected: 0
  },
  {
    name: "actions: POST does not read",
    policy: [{ permit: { paths: "*", actions: "read" } }],
    path: chat,
    expected: null
  },
  {
    name: "actions: PATCH updates",
    policy: [{ permit: { paths: "*", actions: "update" } }],
    method: "PATCH",
    path: chat,
    expected: 0
  },
  {
    name: "actions: DELETE deletes",
    policy: [{ permit: { paths: "*", actions: "delete" } }],
    method: "DELETE",
    path: chat,
    expected: 0
  },
  { name: "a policy without rules denies", policy: [], path: chat, expected: null }
]

describe("RoutePolicy", () => {
  it.each(rows)("$name", ({ expected, method = "POST", path, permitted = true, policy, principal = alice }) => {
    const decision = RoutePolicy.decide(RoutePolicy.compile(policy), principal, RoutePolicy.actionOf(method), path)
    assert.deepStrictEqual(decision, { permitted: expected !== null && permitted, rule: expected })
  })
})
