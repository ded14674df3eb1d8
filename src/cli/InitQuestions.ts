/** Asks a person for a configuration: which providers, and then what each needs. */
import { Effect } from "effect"
import type { Schema } from "effect"
import { Prompt } from "effect/cli"
import type { ConfigField, ProviderInfo } from "../kernel/provider/ProviderModels.ts"
import type { ChosenProvider } from "./InitAnswers.ts"
import { fromEnvironment, isAsked, usualId, variableOf, withKeySet } from "./InitAnswers.ts"

const isName = /^[^/\s]+$/

const nameOf = (info: ProviderInfo, taken: ReadonlyArray<string>) =>
  Prompt.String({
    message: `Name of ${info.display_name} in this configuration`,
    default: usualId(info),
    validate: (name) =>
      taken.includes(name)
        ? Effect.fail("Another provider has this name")
        : isName.test(name)
        ? Effect.succeed(name)
        : Effect.fail("A name without slashes and spaces")
  })

const variable = (field: ConfigField, provider_id: string) =>
  Prompt.String({
    message: `${field.display_name}: the environment variable it is in`,
    default: variableOf(field, provider_id),
    validate: (name) =>
      /^[A-Z0-9_]+$/.test(name) ? Effect.succeed(name) : Effect.fail("Capital letters, digits and underscores")
  })

const text = ({ default: usual, prompt, required }: ConfigField) =>
  Prompt.String({
    message: prompt,
    default: typeof usual === "string" ? usual : "",
    validate: (value) => required && value === "" ? Effect.fail("It can't be left out") : Effect.succeed(value)
  })

/** The default comes first. */
const choice = ({ choices, default: usual, prompt, required }: ConfigField) => {
  const [first, rest] = [choices?.filter((each) => each === usual) ?? [], choices?.filter((each) => each !== usual)]
  const none = required || first.length > 0 ? [] : [{ title: "(none)", value: "" }]
  return Prompt.Select({
    message: prompt,
    choices: [...none, ...[...first, ...rest ?? []].map((value) => ({ title: value, value }))]
  })
}

/** Without the choices that call for a mapping, which is for the file itself. */
const offered = (field: ConfigField, all: ReadonlyArray<ConfigField>): ConfigField => {
  const beyond = new Set(
    all.flatMap(({ field_type, show_when }) => field_type === "mapping" ? show_when?.[field.id] ?? [] : [])
  )
  return field.choices === null
    ? field
    : { ...field, choices: field.choices.filter((each) => !beyond.has(each)) }
}

/** True where there is nothing to choose: all that is left is what is taken anyway. */
const isSettled = ({ choices, default: usual }: ConfigField): boolean =>
  choices !== null && choices.every((each) => each === usual)

/** What a field is to be; undefined: it is left out. Mappings are for the file itself. */
const ask = Effect.fnUntraced(function*(field: ConfigField) {
  const { default: usual, field_type, prompt, required } = field
  switch (field_type) {
    case "boolean":
      return yield* Prompt.Confirm({ message: prompt, initial: usual === true })
    case "number":
      return typeof usual === "number" || required
        ? yield* Prompt.Number({ message: prompt, ...typeof usual === "number" ? { default: usual } : {} })
        : undefined
    case "list": {
      const items = (yield* Prompt.String({ message: `${prompt}, with commas`, default: "" })).split(",")
        .map((each) => each.trim()).filter((each) => each !== "")
      return items.length === 0 ? undefined : items
    }
    case "choice": {
      if (isSettled(field)) return undefined
      const chosen = yield* choice(field)
      return chosen === "" ? undefined : chosen
    }
    case "text": {
      const written = yield* text(field)
      return written === "" ? undefined : written
    }
    default:
      return undefined
  }
})

const configure = Effect.fnUntraced(function*(info: ProviderInfo, taken: ReadonlyArray<string>) {
  const { api, config_fields, provider_type } = info
  const provider_id = yield* nameOf(info, taken)
  const answers: Record<string, Schema.Json> = {}
  const variables: Array<string> = []
  const fields = config_fields.toSorted((one, other) => Number(one.requires_model) - Number(other.requires_model))
  for (const field of fields) {
    if (!isAsked(field, answers)) continue
    if (field.field_type === "secret") {
      const name = yield* variable(field, provider_id)
      variables.push(name)
      answers[field.id] = fromEnvironment(name)
      continue
    }
    const answer = yield* ask(offered(field, fields))
    if (answer !== undefined) answers[field.id] = answer
  }
  const usual = new Map(config_fields.map((field) => [field.id, JSON.stringify(field.default)]))
  const config = Object.fromEntries(
    Object.entries(answers).filter(([id, answer]) => JSON.stringify(answer) !== usual.get(id))
  )
  const chosen: ChosenProvider = { api, provider_id, provider_type, config, variables }
  return chosen
})

export const questions = Effect.fn("InitQuestions")(function*(types: ReadonlyArray<ProviderInfo>) {
  const ready = new Set(yield* withKeySet(types))
  const wanted = yield* Prompt.MultiSelect({
    message: "Which providers?",
    choices: types.map((info) => ({
      title: `${info.display_name} (${info.provider_type})`,
      value: info,
      description: info.description,
      selected: ready.has(info)
    })),
    min: 1
  })
  const chosen: Array<ChosenProvider> = []
  for (const info of wanted) {
    const taken = chosen.filter(({ api }) => api === info.api).map(({ provider_id }) => provider_id)
    chosen.push(yield* configure(info, taken))
  }
  return chosen
})
