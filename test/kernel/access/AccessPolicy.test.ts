/** Rules as a file writes them: what is understood, and what is said of the rest. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { forms, parse as parseCondition } from "../../../src/kernel/access/AccessCondition.ts"
import * as ConfigurationFile from "../../../src/kernel/configuration/ConfigurationFile.ts"

const parse = (text: string) =>
  ConfigurationFile.parse(text, "strata.yaml").pipe(
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({})))
  )

const policy = (kind: "access" | "route", rule: string) => `server: { auth: { ${kind}_policy: [${rule}] } }`

const good: ReadonlyArray<readonly [name: string, rule: string]> = [
  ["actions alone", "{ permit: { actions: [read] } }"],
  ["one action, without a list", "{ permit: { actions: read } }"],
  [
    "everything",
    "{ permit: { principal: a, actions: [create, read, update, delete], resource: '*' }, description: x }"
  ],
  ["one resource", "{ permit: { actions: read, resource: 'model::openai/gpt-4o' } }"],
  ["an id with colons", "{ permit: { actions: read, resource: 'session::a::b' } }"],
  ["a type", "{ forbid: { actions: read, resource: 'vector_store::*' } }"],
  ["a regular expression", "{ permit: { actions: read, resource: 'regex:model::(a|b)/.*' } }"],
  ["one condition", "{ permit: { actions: read }, when: user is owner }"],
  ["conditions with more space", "{ permit: { actions: read }, when: '  user   is  not owner ' }"],
  ["several conditions", "{ permit: { actions: read }, unless: [user with admin in roles, user not in owners teams] }"]
]

const noCondition = `is no condition: write one of ${forms.join("; ")}`

const bad: ReadonlyArray<readonly [name: string, rule: string, ...issues: ReadonlyArray<string>]> = [
  [
    "neither permit nor forbid",
    "{ when: user is owner }",
    "server.auth.access_policy[0]: a rule has either permit or forbid: keep one of them"
  ],
  [
    "both",
    "{ permit: { actions: read }, forbid: { actions: read } }",
    "server.auth.access_policy[0]: a rule has either permit or forbid: keep one of them"
  ],
  [
    "when and unless",
    "{ permit: { actions: read }, when: user is owner, unless: user is owner }",
    "server.auth.access_policy[0]: a rule has when or unless, not both: make two rules of it"
  ],
  [
    "no actions",
    "{ permit: {} }",
    "server.auth.access_policy[0].permit.actions: missing: name what the rule is about, for example actions: [read]"
  ],
  [
    "an unknown action",
    "{ permit: { actions: [read, write] } }",
    "server.auth.access_policy[0].permit.actions[1]: expected create, read, update or delete, got \"write\""
  ],
  [
    "a mistyped type",
    "{ permit: { actions: read, resource: 'modle::*' } }",
    "server.auth.access_policy[0].permit.resource: there are no resources of type \"modle\": did you mean model?"
  ],
  [
    "a type alone",
    "{ permit: { actions: read, resource: model } }",
    "server.auth.access_policy[0].permit.resource: \"model\" names no resource: write model::* for all, or model::id for one"
  ],
  [
    "a broken regular expression",
    "{ permit: { actions: read, resource: 'regex:(' } }",
    "server.auth.access_policy[0].permit.resource: \"regex:(\" is no valid regular expression behind \"regex:\", as JavaScript writes them"
  ],
  [
    "an unknown condition",
    "{ permit: { actions: read }, when: user is admin }",
    `server.auth.access_policy[0].when: "user is admin" ${noCondition}`
  ],
  [
    "an unknown condition in a list",
    "{ permit: { actions: read }, unless: [user is owner, user owns it] }",
    `server.auth.access_policy[0].unless[1]: "user owns it" ${noCondition}`
  ],
  [
    "a mistyped key",
    "{ permit: { actions: read, resorce: 'model::*' } }",
    "server.auth.access_policy[0].permit.resorce: unknown key resorce: did you mean resource? (known here: principal, actions, resource)"
  ]
]

const badRoutes: typeof bad = [
  [
    "no paths",
    "{ permit: {} }",
    "server.auth.route_policy[0].permit.paths: missing: name the paths the rule is about, for example paths: /v1/models"
  ],
  [
    "a path without slash",
    "{ permit: { paths: [/a, v1/models] } }",
    "server.auth.route_policy[0].permit.paths[1]: \"v1/models\" is no path: begin it with /, or write *"
  ],
  [
    "a condition on an owner",
    "{ permit: { paths: '*' }, when: user is owner }",
    "server.auth.route_policy[0].when: \"user is owner\" is no condition of a route: write user with VALUE in ATTRIBUTE, or not in"
  ],
  [
    "neither permit nor forbid",
    "{}",
    "server.auth.route_policy[0]: a rule has either permit or forbid: keep one of them"
  ]
]

const refused = (text: string, issues: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(parse(text))
    assert.deepStrictEqual(error.message.split("\n").slice(1).map((line) => line.trim()), issues)
  })

describe("AccessPolicy", () => {
  it.effect.each(good)("understands %s", ([, rule]) => parse(policy("access", rule)))

  it.effect.each(bad)("refuses %s", ([, rule, ...issues]) => refused(policy("access", rule), issues))

  it.effect.each(badRoutes)("refuses in routes %s", ([, rule, ...issues]) => refused(policy("route", rule), issues))

  it("reads back every form it names", () => {
    for (const form of forms) assert.isDefined(parseCondition(form), form)
  })

  it.each([
    "user",
    "user is",
    "user is owner too",
    "User Is Owner",
    "user with admin in",
    "user with a b in roles",
    "user in owner teams",
    "resource is owned",
    "owner is user",
    ""
  ])("knows no condition %j", (text) => {
    assert.isUndefined(parseCondition(text))
  })
})
