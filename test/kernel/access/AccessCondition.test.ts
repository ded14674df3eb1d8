/** The conditions of rules, each in both senses. */
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

accessTable("conditions", [
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
  }
])
