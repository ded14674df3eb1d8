/** What must hold between the fields of a provider's configuration, looked at as they are written. */
import { type Schema, SchemaAST } from "effect"

export interface RuleIssue {
  /** The field it is told of. */
  readonly key: string
  readonly message: string
}

/** `written`: after substitution, be its fields right or wrong. */
export type CrossFieldCheck = (written: Schema.JsonObject) => ReadonlyArray<RuleIssue>

const key = "strata/kernel/provider/CrossFieldCheck"

/** Unlike a check of the Schema, a rule is told together with what is wrong with single fields. It comes after all checks. */
export const annotate = (rule: CrossFieldCheck) => <S extends Schema.Top>(schema: S): S["Rebuild"] =>
  schema.annotate({ [key]: rule })

const ruleOf = SchemaAST.resolveAt<CrossFieldCheck>(key)

/** With more rules than the Schema has already; annotated, it is of the same type. */
export const also = <S extends Schema.Top>(schema: S, rules: ReadonlyArray<CrossFieldCheck>): S =>
  annotate((written) => [...broken(schema, written), ...rules.flatMap((rule) => rule(written))])(schema) as unknown as S

/** What the rule of a configuration Schema says; nothing where it has none. */
export const broken = ({ ast }: Schema.Top, written: Schema.JsonObject): ReadonlyArray<RuleIssue> =>
  ruleOf(ast)?.(written) ?? []
