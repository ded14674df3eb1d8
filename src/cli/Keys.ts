/** `strata keys`: keys for clients. The configuration keeps only what can't be turned back into one. */
import { Console, Data, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { createHash, randomBytes } from "node:crypto"
import { stringify } from "yaml"
import { failWithMessage } from "./Failure.ts"

class AttributeInvalid extends Data.TaggedError("AttributeInvalid")<{ readonly message: string }> {}

const flags = {
  id: Flag.String("id").pipe(Flag.withDescription("Name of the key, for people")),
  principal: Flag.String("principal").pipe(
    Flag.withDescription("Who will use it, as rules and events name them; default: the id"),
    Flag.optional
  ),
  attributes: Flag.String("attribute").pipe(
    Flag.withDescription("What rules may ask about: roles=admin or teams=red,blue; may be given several times"),
    Flag.atLeast(0)
  )
}

/** 256 bits: a key nobody can guess needs no slow hash. */
const newKey = Effect.sync(() => `sk-strata-${randomBytes(32).toString("hex")}`)

const attributeForm = /^([^=\s]+)=([^\s,]+(?:,[^\s,]+)*)$/

const parseAttributes = Effect.fnUntraced(function*(texts: ReadonlyArray<string>) {
  const attributes = new Map<string, ReadonlyArray<string>>()
  for (const text of texts) {
    const [, name, values] = attributeForm.exec(text) ?? []
    if (name === undefined || values === undefined) {
      return yield* new AttributeInvalid({
        message: `--attribute ${text} is not understood. Write a name, = and the values: roles=admin or teams=red,blue`
      })
    }
    attributes.set(name, [...new Set([...attributes.get(name) ?? [], ...values.split(",")])])
  }
  return Object.fromEntries(attributes)
})

const create = Command.make("create", flags, ({ attributes, id, principal }) =>
  Effect.gen(function*() {
    const parsed = yield* parseAttributes(attributes)
    const key = yield* newKey
    const entry = {
      id,
      sha256: createHash("sha256").update(key).digest("hex"),
      ...Option.isSome(principal) ? { principal: principal.value } : {},
      ...Object.keys(parsed).length === 0 ? {} : { attributes: parsed }
    }
    yield* Console.log([
      "The key, for its user. It is shown only now:",
      "",
      `  ${key}`,
      "",
      "Its entry for the configuration file, under server.auth.providers:",
      "",
      stringify([{ type: "api_keys", keys: [entry] }]).trimEnd().replaceAll(/^/gm, "  ")
    ].join("\n"))
  }).pipe(failWithMessage)).pipe(Command.withDescription("Make a new key, and its entry for the configuration file"))

export const keys = Command.make("keys").pipe(
  Command.withDescription("Keys of clients"),
  Command.withSubcommands([create])
)
