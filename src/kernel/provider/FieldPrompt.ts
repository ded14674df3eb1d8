/** What a person is asked to configure a provider, read off its configuration Schema and the annotations of its fields. */
import { Option, Predicate, Schema, SchemaAST } from "effect"
import type { AnyDefinition } from "./Provider.ts"
import type { ConfigField, ConfigFieldType } from "./ProviderModels.ts"

/** What the Schema of a field can't say. */
export interface ConfigFieldOptions {
  /** Default: its key, in words. */
  readonly displayName?: string
  /** What a set-up asks; default: the field's description. */
  readonly prompt?: string
  /** True: it is not echoed, not shown and not stored. Default: where the Schema makes it `Redacted`. */
  readonly secret?: boolean
  /** The environment variable it is usually in. */
  readonly env?: string
  /** What to choose from; default: the Schema's literals. Others may be allowed. */
  readonly choices?: ReadonlyArray<string>
  /** Asked only where each of these fields has one of these values. */
  readonly showWhen?: Readonly<Record<string, string | ReadonlyArray<string>>>
  /** True: it must be given, though its Schema lets another field stand for it. */
  readonly required?: boolean
  /** True: it is taken, and nobody is asked for it. */
  readonly hidden?: boolean
  /** True: asked after a model was chosen. */
  readonly requiresModel?: boolean
}

const key = "strata/kernel/provider/FieldPrompt"

/** Says of a field of a configuration Schema how it is asked for. */
export const annotate = (options: ConfigFieldOptions) => <S extends Schema.Top>(schema: S): S["Rebuild"] =>
  schema.annotate({ [key]: options })

const optionsOf = SchemaAST.resolveAt<ConfigFieldOptions>(key)

const acronyms: Readonly<Record<string, string>> = { api: "API", id: "ID", url: "URL", ms: "(milliseconds)" }

const inWords = (id: string): string => {
  const text = id.split(/[_-]+/).map((word) => acronyms[word] ?? word).join(" ")
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const membersOf = (ast: SchemaAST.AST): ReadonlyArray<SchemaAST.AST> => {
  if (SchemaAST.isUnion(ast)) return ast.types.flatMap(membersOf)
  return SchemaAST.isNull(ast) || SchemaAST.isUndefined(ast) ? [] : [ast]
}

const literalsOf = (ast: SchemaAST.AST): ReadonlyArray<string> | undefined => {
  const literals = membersOf(ast).map((each) => SchemaAST.isLiteral(each) ? String(each.literal) : undefined)
  return literals.every(Predicate.isNotUndefined) && literals.length > 0 ? literals : undefined
}

const kindOf = (ast: SchemaAST.AST): ConfigFieldType | undefined => {
  const [first, ...others] = membersOf(ast)
  if (first === undefined || others.length > 0) return undefined
  if (SchemaAST.isBoolean(first)) return "boolean"
  if (SchemaAST.isNumber(first)) return "number"
  if (SchemaAST.isArrays(first)) return "list"
  return SchemaAST.isObjects(first) ? "mapping" : "text"
}

/** What may be written in several forms is asked for as it is read. */
const typeOf = (type: SchemaAST.AST): ConfigFieldType =>
  kindOf(SchemaAST.toEncoded(type)) ?? kindOf(SchemaAST.toType(type)) ?? "text"

const isRedacted = (ast: SchemaAST.AST): boolean =>
  membersOf(ast).some((each) =>
    SchemaAST.isDeclaration(each) && Predicate.hasProperty(each.annotations?.["representation"], "id") &&
    each.annotations["representation"].id === "effect/schema/Redacted"
  )

/** As it would be written: what the Schema puts where nothing is. */
const defaultOf = (property: SchemaAST.PropertySignature): Schema.Json => {
  const alone = Schema.make<Schema.Codec<Record<PropertyKey, unknown>, Record<PropertyKey, Schema.Json>>>(
    new SchemaAST.Objects([property], [])
  )
  return Schema.decodeOption(alone)({}).pipe(
    Option.flatMap(Schema.encodeOption(alone)),
    Option.flatMap((written) => Option.fromUndefinedOr(written[property.name])),
    Option.getOrNull
  )
}

const toField = (property: SchemaAST.PropertySignature): ConfigField => {
  const { name, type } = property
  const written = SchemaAST.toEncoded(type)
  const options = optionsOf(type) ?? {}
  const id = String(name)
  const secret = options.secret ?? isRedacted(type)
  const choices = options.choices ?? literalsOf(written)
  const display_name = options.displayName ?? inWords(id)
  const description = SchemaAST.resolveDescription(type) ?? null
  return {
    id,
    display_name,
    description,
    field_type: secret ? "secret" : choices === undefined ? typeOf(type) : "choice",
    prompt: options.prompt ?? description ?? display_name,
    env_var: options.env ?? null,
    choices: choices ?? null,
    required: options.required ?? !SchemaAST.isOptional(written),
    default: secret ? null : defaultOf(property),
    show_when: options.showWhen === undefined
      ? null
      : Object.fromEntries(
        Object.entries(options.showWhen).map((
          [field, values]
        ) => [field, typeof values === "string" ? [values] : values])
      ),
    requires_model: options.requiresModel ?? false
  }
}

const isHidden = ({ type }: SchemaAST.PropertySignature): boolean => optionsOf(type)?.hidden === true

type Configurable = Pick<AnyDefinition, "config">

const propertiesOf = ({ config }: Configurable): ReadonlyArray<SchemaAST.PropertySignature> => {
  const ast = SchemaAST.isObjects(config.ast) ? config.ast : SchemaAST.toEncoded(config.ast)
  return SchemaAST.isObjects(ast) ? ast.propertySignatures : []
}

/** What a provider type's configuration takes, in the order of its Schema; nothing where that is not an object. */
export const takenFields = (definition: Configurable): ReadonlyArray<ConfigField> =>
  propertiesOf(definition).map(toField)

/** What of it a person is asked for. */
export const configFields = (definition: Configurable): ReadonlyArray<ConfigField> =>
  propertiesOf(definition).filter((each) => !isHidden(each)).map(toField)
