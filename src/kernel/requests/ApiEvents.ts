/** Events of HTTP operations; their payloads are derived from the Schemas of the routes. */
import { Schema, SchemaAST } from "effect"
import * as Event from "../../events/types/Event.ts"
import { PrincipalAttributes } from "../../events/types/Principal.ts"
import { RequestTraffic, ResponseTraffic } from "../../events/types/Traffic.ts"
import { ErrorEnvelope } from "../http/HttpErrors.ts"
import type { Operation } from "../http/Operations.ts"
import { operations } from "../http/Operations.ts"

/** An observation at default and raw level; its debug level is that of the provider calls it led to. */
const pair = <const Type extends `${string}:${string}`, Base extends Schema.Top, Raw extends Schema.Top>(
  type: Type,
  members: { readonly base: Event.Member<Base>; readonly raw: Event.Member<Raw> }
) => ({
  base: Event.define(type, { ...members.base, durability: "observation" }),
  raw: Event.define(`${type}:raw`, { ...members.raw, level: "raw", durability: "observation" })
})

/** The id of requests that match no operation. */
export const unmatched = "unmatched"

const scalarTags = new Set(["String", "Number", "Boolean", "Literal"])

/** True for text, numbers, flags and choices of them. */
const isScalar = (ast: SchemaAST.AST): boolean =>
  scalarTags.has(ast._tag) ||
  (SchemaAST.isUnion(ast) && ast.types.every((each) => each._tag === "Null" || isScalar(each)))

/** The names of a payload's scalar fields: what its summary shows. */
export const summaryFields = (payload: Schema.Top | undefined): ReadonlyArray<string> => {
  if (payload === undefined || !SchemaAST.isObjects(payload.ast)) return []
  return payload.ast.propertySignatures.filter(({ type }) => isScalar(type)).map(({ name }) => String(name))
}

/** What a client sends in place of what was expected is told all the same. */
const anyScalar = Schema.NullOr(Schema.Union([Schema.String, Schema.Finite, Schema.Boolean]))

/** The part of a payload's Schema that a summary shows; each field may be absent. */
const summaryOf = (payload: Schema.Top | undefined) => {
  if (payload === undefined || !SchemaAST.isObjects(payload.ast)) return Schema.Struct({})
  const signatures = payload.ast.propertySignatures.filter(({ type }) => isScalar(type))
  return Schema.Struct(
    Object.fromEntries(
      signatures.map((
        { name, type }
      ) => [String(name), Schema.optionalKey(Schema.Union([Schema.make(type), anyScalar]))])
    )
  )
}

const recorded = operations.filter((operation) => operation.recorded)
const own = [...recorded.map(({ id }) => id), unmatched]

/** The id of an operation from outside: none of Strata's own. */
const externalId = Schema.String
  .check(Schema.isPattern(new RegExp(`^(?!(?:${[...operations.map(({ id }) => id), unmatched].join("|")})$)`, "u"), {
    expected: "one of Strata's operations with its own fields, or an operation of an API from outside"
  }))
  .annotate({ description: "An operation of an API from outside." })

const anySummary = Schema.Record(Schema.String, Schema.Json)

/** A union with one member for each recorded operation, one for those from outside, one for requests that match none. */
const union = <S extends Schema.Top>(member: (operation: Operation) => S, external: S, none: S) =>
  Schema.Union([...recorded.map(member), external, none])

const parameters = Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Array(Schema.String)]))

const request = (operation: Schema.Codec<string>, method: Schema.Codec<string>, summary: Schema.Codec<unknown>) =>
  Schema.Struct({
    operation,
    method,
    path: Schema.String,
    params: parameters,
    query: parameters,
    payload: summary.annotate({ description: "The scalar fields of the body, as the client sent them." }),
    principal_attributes: Schema.optionalKey(PrincipalAttributes).annotate({
      description: "What authentication found out about the envelope's principal. Absent: nothing, or nobody is known."
    })
  })

/** Whoever is asked to GET answers HEAD too. */
const methodOf = (method: string) => method === "GET" ? Schema.Literals(["GET", "HEAD"]) : Schema.Literal(method)

const requestOf = ({ id, method, payload }: Operation) =>
  request(Schema.Literal(id), methodOf(method), summaryOf(payload) as Schema.Codec<unknown>)

export const Request = pair("api:request", {
  base: {
    description: "A client asked for an operation.",
    payload: union(
      requestOf,
      request(externalId, Schema.String, anySummary),
      request(Schema.Literal(unmatched), Schema.String, Schema.Struct({}))
    )
  },
  raw: {
    description: "The request as the client sent it, complete.",
    payload: RequestTraffic
  }
})

const duration = Schema.Finite.annotate({ description: "From the request's arrival to the last byte, milliseconds." })

const response = (operation: Schema.Codec<string>, status: Schema.Codec<number>) =>
  Schema.Struct({
    operation,
    status,
    content_type: Schema.NullOr(Schema.String),
    stream: Schema.Boolean,
    bytes: Schema.Int.annotate({ description: "Length of the body." }),
    duration_ms: duration
  })

const responseOf = ({ id, successStatuses }: Operation) =>
  response(Schema.Literal(id), Schema.Literals(successStatuses))

export const Response = pair("api:response", {
  base: {
    description: "The operation was answered; a streamed answer has reached its end.",
    volatile: ["duration_ms"],
    payload: union(
      responseOf,
      response(externalId, Schema.Int),
      response(Schema.Literal(unmatched), Schema.Literals([]))
    )
  },
  raw: {
    description: "The answer as the client got it, complete; of a stream, every frame with its time.",
    volatile: ["frames.*.0"],
    payload: ResponseTraffic
  }
})

export const Error = pair("api:error", {
  base: {
    description: "The operation was answered with an error, or the client left before the answer was complete.",
    volatile: ["duration_ms"],
    payload: Schema.Struct({
      operation: Schema.Union([Schema.Literals(own), externalId]),
      status: Schema.Int.annotate({ description: "499: the client left." }),
      error: Schema.NullOr(ErrorEnvelope.fields.error).annotate({
        description: "Null where a vendor's error has another form."
      }),
      duration_ms: duration
    })
  },
  raw: {
    description: "The answer as far as the client got it.",
    volatile: ["frames.*.0"],
    payload: ResponseTraffic
  }
})

/** The definitions of requests and answers with the operations of APIs from outside, as exact as Strata's own. */
export const withOperations = (external: ReadonlyArray<Operation>): ReadonlyArray<Event.Definition> => {
  const seen = external.filter((operation) => operation.recorded)
  return [
    { ...Request.base, payload: Schema.Union([...seen.map(requestOf), Request.base.payload]) },
    { ...Response.base, payload: Schema.Union([...seen.map(responseOf), Response.base.payload]) }
  ]
}
