/**
 * How many items the lists and records of a body may have, asked before its Schema decodes them: that decodes each item
 * before it counts them, and a million takes seconds in which nobody else is served.
 */
import type { Schema } from "effect"
import { SchemaAST } from "effect"
import { isFields } from "../../events/types/JsonAccess.ts"
import { schemaRefusal } from "./CommonFailures.ts"
import { BadRequest, envelope } from "./HttpErrors.ts"

export interface LimitIssue {
  /** `chunks.0.metadata`; empty: the body itself. */
  readonly path: string
  readonly message: string
}

type Path = ReadonlyArray<PropertyKey>

/** What a value of a node breaks; it may be of any other kind. */
type Limit = (value: unknown, path: Path) => LimitIssue | undefined

/** What is wrong with a value before anything of it is decoded; undefined: nothing. */
export type ValueLimit = (value: unknown) => string | undefined

const key = "strata/kernel/http/BodyLimits"

/** A limit besides those of `isMaxLength` and `isMaxProperties`, which count by themselves. */
export const annotate = (limit: ValueLimit) => <S extends Schema.Top>(schema: S): S["Rebuild"] =>
  schema.annotate({ [key]: limit })

const ownOf = SchemaAST.resolveAt<ValueLimit>(key)

/** No shorter body holds so many items that to decode them takes long. */
const smallest = 64 * 1024

const hasMoreKeys = (value: object, most: number): boolean => {
  let count = 0
  for (const name in value) if (Object.hasOwn(value, name) && ++count > most) return true
  return false
}

/** Whether a record has more fields, counted no further. */
export const hasMoreFields = (value: unknown, most: number): boolean => isFields(value) && hasMoreKeys(value, most)

/** Whether there are more values within a value, each item and field of it, however deep. */
export const hasMoreValues = (value: unknown, most: number): boolean => {
  const open = [value]
  let count = 0
  while (open.length > 0) {
    const each = open.pop()
    if (typeof each !== "object" || each === null) continue
    if (Array.isArray(each) ? each.length > most : hasMoreKeys(each, most)) return true
    const inner = Array.isArray(each) ? each as ReadonlyArray<unknown> : Object.values(each)
    if ((count += inner.length) > most) return true
    for (const one of inner) open.push(one)
  }
  return false
}

const checksOf = (checks: SchemaAST.Checks | undefined): ReadonlyArray<SchemaAST.Filter<never>> =>
  (checks ?? []).flatMap((check) => check._tag === "FilterGroup" ? checksOf(check.checks) : [check])

interface Counted {
  readonly most: number
  readonly expected: string
}

/** What `isMaxLength` or `isMaxProperties` say of a node. */
const countedOf = ({ checks }: SchemaAST.AST, id: string, field: string): Counted | undefined => {
  for (const { annotations } of checksOf(checks)) {
    const representation = annotations?.representation
    if (representation?.id !== `effect/schema/${id}`) continue
    const most = (representation.payload as Readonly<Record<string, unknown>> | undefined)?.[field]
    if (typeof most === "number") return { most, expected: String(annotations?.["expected"]) }
  }
  return undefined
}

const issue = (path: Path, message: string): LimitIssue => ({ path: path.map(String).join("."), message })

const firstOf = (limits: ReadonlyArray<Limit | undefined>): Limit | undefined => {
  const some = limits.filter((limit) => limit !== undefined)
  return some.length === 0 ? undefined : (value, path) => {
    for (const limit of some) {
      const wrong = limit(value, path)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }
}

/** Whether a value can be one of this member of a union: by its kind, and by the words that tell members apart. */
const mayBe = (ast: SchemaAST.AST): (value: unknown) => boolean => {
  if (SchemaAST.isArrays(ast)) return (value) => Array.isArray(value)
  if (SchemaAST.isNull(ast) || SchemaAST.isString(ast) || SchemaAST.isNumber(ast) || SchemaAST.isBoolean(ast)) {
    return (value) => typeof value !== "object" || value === null
  }
  if (!SchemaAST.isObjects(ast)) return () => true
  const words = ast.propertySignatures.flatMap(({ name, type }) => {
    const types = SchemaAST.isUnion(type) ? type.types : [type]
    return types.every(SchemaAST.isLiteral) && types.length > 0
      ? [[String(name), new Set<unknown>(types.map(({ literal }) => literal))] as const]
      : []
  })
  return (value) => isFields(value) && words.every(([name, all]) => all.has(value[name]))
}

type Compiled = Map<SchemaAST.AST | (() => SchemaAST.AST), Limit | undefined>

const compiled = (ast: SchemaAST.AST, made: Compiled): Limit | undefined => {
  if (!made.has(ast)) made.set(ast, compile(ast, made))
  return made.get(ast)
}

const compile = (ast: SchemaAST.AST, made: Compiled): Limit | undefined => {
  const own = ownOf(ast)
  const ownLimit: Limit | undefined = own === undefined ? undefined : (value, path) => {
    const message = own(value)
    return message === undefined ? undefined : issue(path, message)
  }
  const again = (inner: SchemaAST.AST) => compiled(inner, made)

  if (SchemaAST.isArrays(ast)) {
    const counted = countedOf(ast, "isMaxLength", "maxLength")
    const length: Limit | undefined = counted &&
      ((value, path) =>
        Array.isArray(value) && value.length > counted.most ? issue(path, `Expected ${counted.expected}`) : undefined)
    const item = ast.rest[0] === undefined ? undefined : again(ast.rest[0])
    const items: Limit | undefined = item && ((value, path) => {
      if (!Array.isArray(value)) return undefined
      for (const [at, each] of value.entries()) {
        const wrong = item(each, [...path, at])
        if (wrong !== undefined) return wrong
      }
      return undefined
    })
    return firstOf([ownLimit, length, items])
  }

  if (SchemaAST.isObjects(ast)) {
    const counted = countedOf(ast, "isMaxProperties", "maxProperties")
    const pairs: Limit | undefined = counted &&
      ((value, path) => hasMoreFields(value, counted.most) ? issue(path, `Expected ${counted.expected}`) : undefined)
    const fields = ast.propertySignatures.map(({ name, type }): Limit | undefined => {
      const field = again(type)
      return field &&
        ((value, path) =>
          isFields(value) && Object.hasOwn(value, name) ? field(value[String(name)], [...path, name]) : undefined)
    })
    return firstOf([ownLimit, pairs, ...fields])
  }

  if (SchemaAST.isUnion(ast)) {
    const members = ast.types.map((type) => ({ may: mayBe(type), limit: again(type) }))
    if (members.every(({ limit }) => limit === undefined)) return ownLimit
    // It is refused where every member that it can be refuses it.
    const ofMembers: Limit = (value, path) => {
      let first: LimitIssue | undefined
      for (const { limit, may } of members) {
        if (!may(value)) continue
        const wrong = limit?.(value, path)
        if (wrong === undefined) return undefined
        first ??= wrong
      }
      return first
    }
    return firstOf([ownLimit, ofMembers])
  }

  if (SchemaAST.isSuspend(ast)) {
    const { thunk } = ast
    if (made.has(thunk)) return made.get(thunk)
    let inner: Limit | undefined
    const limit: Limit = (value, path) => inner?.(value, path)
    made.set(thunk, limit)
    inner = again(thunk())
    return firstOf([ownLimit, limit])
  }

  return ownLimit
}

/** What of a parsed body breaks a limit of its Schema. It is made of the Schema when it is asked first. */
export type BodyLimits = (body: unknown) => LimitIssue | undefined

export const of = ({ ast }: Schema.Top): BodyLimits => {
  let made: { readonly limit: Limit | undefined } | undefined
  return (body) => {
    made ??= { limit: compiled(ast, new Map()) }
    return made.limit?.(body, [])
  }
}

/** The answer to a body that has more than it may; undefined: it may be decoded. */
export const refusalOf = (limits: BodyLimits, text: string, parsed: () => unknown): BadRequest | undefined => {
  const wrong = text.length < smallest ? undefined : limits(parsed())
  if (wrong === undefined) return undefined
  const { message, path } = wrong
  return new BadRequest(
    envelope(`${schemaRefusal} ${path === "" ? message : `${path}: ${message}`}.`, { param: path === "" ? null : path })
  )
}
