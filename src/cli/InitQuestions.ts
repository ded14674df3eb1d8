/** Asks a person for a configuration: which providers, and then what each needs. */
import { Console, Effect, Redacted, Result } from "effect"
import type { Schema } from "effect"
import { Prompt } from "effect/cli"
import { InferenceApi } from "../apis/inference/InferenceApi.ts"
import type { ConfigField, ProviderInfo } from "../kernel/provider/ProviderModels.ts"
import type { ChosenProvider } from "./InitAnswers.ts"
import { fromEnvironment, isAsked, isSet, usualId, variableOf, withKeySet } from "./InitAnswers.ts"
import type { Trial } from "./InitTrial.ts"

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

/** What is taken where nothing is said is no value of the field: a yes, a no or a number would always say something. */
const isOpen = ({ default: usual, required }: ConfigField): boolean => usual === null && !required

/** What a field is to be; undefined: it is left out. Mappings are for the file itself. */
const ask = Effect.fnUntraced(function*(field: ConfigField) {
  const { default: usual, field_type, prompt } = field
  switch (field_type) {
    case "boolean":
      return isOpen(field) ? undefined : yield* Prompt.Confirm({ message: prompt, initial: usual === true })
    case "number":
      return isOpen(field)
        ? undefined
        : yield* Prompt.Number({ message: prompt, ...typeof usual === "number" ? { default: usual } : {} })
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

/** What has been answered of a provider so far. */
interface Answers {
  readonly info: ProviderInfo
  readonly provider_id: string
  readonly values: Record<string, Schema.Json>
  readonly variables: Array<string>
}

const askInto = Effect.fnUntraced(function*({ info, provider_id, values, variables }: Answers, field: ConfigField) {
  if (!isAsked(field, values)) return
  if (field.field_type === "secret") {
    const name = yield* variable(field, provider_id)
    variables.push(name)
    values[field.id] = fromEnvironment(name)
    return
  }
  const answer = yield* ask(offered(field, info.config_fields))
  if (answer !== undefined) values[field.id] = answer
})

const chosenOf = ({ info, provider_id, values, variables }: Answers): ChosenProvider => {
  const { api, config_fields, provider_type } = info
  const usual = new Map(config_fields.map((field) => [field.id, JSON.stringify(field.default)]))
  const config = Object.fromEntries(
    Object.entries(values).filter(([id, answer]) => JSON.stringify(answer) !== usual.get(id))
  )
  return { api, provider_id, provider_type, config, variables }
}

/** Models to serve: those that are listed, or what a person writes. */
const modelsField = "models"

const needsModels = ({ id, requires_model }: ConfigField): boolean => requires_model || id === modelsField

/** The keys that the environment does not have, for this moment alone; undefined: there is none to try it with. */
const askSecrets = Effect.fnUntraced(function*(variables: ReadonlyArray<string>) {
  const secrets: Record<string, string> = {}
  for (const name of variables) {
    if (yield* isSet(name)) continue
    const key = yield* Prompt.Password({
      message: `${name} is not set. Paste it to try it now (it is written nowhere), or leave it empty`
    })
    if (Redacted.value(key) === "") return undefined
    secrets[name] = Redacted.value(key)
  }
  return secrets
})

/** The vendor's models, where it answers. */
const listed = Effect.fnUntraced(function*(answers: Answers, trial: Trial) {
  const { display_name } = answers.info
  const wants = yield* Prompt.Confirm({ message: `Ask ${display_name} now which models it has?`, initial: true })
  const secrets = wants ? yield* askSecrets(answers.variables) : undefined
  if (secrets === undefined) return undefined
  const tried = yield* Effect.result(trial(chosenOf(answers), secrets))
  if (Result.isFailure(tried)) {
    yield* Console.log(`${display_name} does not work like this: ${tried.failure.message}`)
    return undefined
  }
  yield* Console.log(`${display_name} works: ${tried.success.length} models.`)
  return tried.success
})

const chooseModels = (models: ReadonlyArray<string>, prompt: string) =>
  Prompt.MultiSelect({ message: prompt, choices: models.map((value) => ({ title: value, value })) })

const askWithModels = Effect.fnUntraced(function*(answers: Answers, models: ReadonlyArray<string>) {
  const { config_fields } = answers.info
  const field = config_fields.find(({ id }) => id === modelsField)
  const chosen = field === undefined || models.length === 0 ? [] : yield* chooseModels(models, field.prompt)
  if (chosen.length > 0) answers.values[modelsField] = chosen
})

/** What needs a model comes last; where the type lists models, it is asked for them before. */
const configure = Effect.fnUntraced(
  function*(info: ProviderInfo, taken: ReadonlyArray<string>, trial: Trial | undefined) {
    const answers: Answers = { info, provider_id: yield* nameOf(info, taken), values: {}, variables: [] }
    const { api, config_fields } = info
    const [later, now] = [config_fields.filter(needsModels), config_fields.filter((field) => !needsModels(field))]
    yield* Effect.forEach(now, (field) => askInto(answers, field), { discard: true })
    const canList = trial !== undefined && api === InferenceApi.name && later.length > 0
    const models = canList ? yield* listed(answers, trial) : undefined
    if (models !== undefined) yield* askWithModels(answers, models)
    const rest = models === undefined ? later : later.filter(({ id }) => id !== modelsField)
    const ordered = rest.toSorted((one, other) => Number(one.requires_model) - Number(other.requires_model))
    yield* Effect.forEach(ordered, (field) => askInto(answers, field), { discard: true })
    return chosenOf(answers)
  }
)

/** `trial`: how a provider is tried; absent: none is. */
export const questions = Effect.fn("InitQuestions")(
  function*(types: ReadonlyArray<ProviderInfo>, trial?: Trial) {
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
      chosen.push(yield* configure(info, taken, trial))
    }
    return chosen
  }
)
