/** Events of HTTP operations; their payloads are derived from the Schemas of the routes. */
import { Schema, SchemaAST } from "effect"
import * as Event from "../../events/types/Event.ts"
import { PrincipalAttributes } from "../../events/types/Principal.ts"
import { RequestTraffic, ResponseTraffic } from "../../events/types/Traffic.ts"
import { ErrorEnvelope } from "../http/HttpErrors.ts"
import type { Operation } from "../http/Operations.ts"

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
      signatures.map(({ name, type }) =>
        [String(name), Schema.optionalKey(Schema.Union([Schema.make(type), anyScalar]))] as const
      )
    )
  )
}

const anySummary = Schema.Record(Schema.String, Schema.Json)

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

export const Request = Event.family("api:request", {
  base: {
    description: "A client asked for an operation.",
    payload: request(Schema.String, Schema.String, anySummary)
  },
  debug: {
    description: "The request's body, truncated.",
    payload: Schema.Struct({ request: Schema.Json })
  },
  raw: {
    description: "The request as the client sent it, complete.",
    payload: RequestTraffic
  }
})

const duration = Schema.Finite.annotate({ description: "From the request's arrival to the last byte, milliseconds." })

const response = (operation: Schema.Codec<string>, status: Schema.Codec<number>, summary: Schema.Codec<unknown>) =>
  Schema.Struct({
    operation,
    status,
    content_type: Schema.NullOr(Schema.String),
    stream: Schema.Boolean,
    bytes: Schema.Int.annotate({ description: "Length of the body." }),
    payload: Schema.optionalKey(summary).annotate({
      description: "The scalar fields of the body. Absent: of a stream, or of what is no JSON."
    }),
    duration_ms: duration
  })

export const Response = Event.family("api:response", {
  base: {
    description: "The operation was answered; a streamed answer has reached its end.",
    volatile: ["duration_ms"],
    payload: response(Schema.String, Schema.Int, anySummary)
  },
  debug: {
    description: "The answer, truncated; of a stream, its frames.",
    payload: Schema.Struct({ response: Schema.Json })
  },
  raw: {
    description: "The answer as the client got it, complete; of a stream, every frame with its time.",
    volatile: ["frames.*.0"],
    payload: ResponseTraffic
  }
})

const error = (operation: Schema.Codec<string>) =>
  Schema.Struct({
    operation,
    status: Schema.Int.annotate({
      description: "499: the client left. Below 400: the vendor sent its error under the status of a success."
    }),
    error: Schema.NullOr(ErrorEnvelope.fields.error).annotate({
      description: "Null where a vendor's error has another form."
    }),
    duration_ms: duration
  })

export const Error = Event.family("api:error", {
  base: {
    description:
      "The operation was answered with an error, under whatever status, or the client left before the answer " +
      "was complete.",
    volatile: ["duration_ms"],
    payload: error(Schema.String)
  },
  debug: {
    description: "The answer as far as the client got it, truncated.",
    payload: Schema.Struct({ response: Schema.Json })
  },
  raw: {
    description: "The answer as far as the client got it.",
    volatile: ["frames.*.0"],
    payload: ResponseTraffic
  }
})

/** Another success of a vendor, which passes as it came; without a body it is none. */
const passedStatus = Schema.Int.check(
  Schema.isBetween({ minimum: 200, maximum: 299 }),
  Schema.makeFilter((status: number) => status !== 204 && status !== 205, { expected: "a success with a body" })
)

/** The id of an operation that this Strata does not have: of an API from outside, when it was there. */
const unknownId = (operations: ReadonlyArray<Operation>) =>
  Schema.String
    .check(Schema.isPattern(new RegExp(`^(?!(?:${[...operations.map(({ id }) => id), unmatched].join("|")})$)`, "u"), {
      expected: "one of Strata's operations with its own fields, or an operation of an API from outside"
    }))
    .annotate({ description: "An operation of an API from outside." })

/** Whoever is asked to GET answers HEAD too. */
const methodOf = (method: string) => method === "GET" ? Schema.Literals(["GET", "HEAD"]) : Schema.Literal(method)

/**
 * The definitions with payloads as exact as the routes: a member for each recorded operation, one for those of APIs that
 * are not here, one for requests that match none.
 */
export const definitionsOf = (operations: ReadonlyArray<Operation>): ReadonlyArray<Event.Definition> => {
  const recorded = operations.filter((operation) => operation.recorded)
  const elsewhere = unknownId(operations)
  const requests = Schema.Union([
    ...recorded.map(({ id, method, payload }) =>
      request(Schema.Literal(id), methodOf(method), summaryOf(payload) as Schema.Codec<unknown>)
    ),
    request(elsewhere, Schema.String, anySummary),
    request(Schema.Literal(unmatched), Schema.String, Schema.Struct({}))
  ])
  const responses = Schema.Union([
    ...recorded.map(({ id, success, successStatuses }) =>
      response(
        Schema.Literal(id),
        Schema.Union([Schema.Literals(successStatuses), passedStatus]),
        summaryOf(success) as Schema.Codec<unknown>
      )
    ),
    response(elsewhere, Schema.Int, anySummary),
    response(Schema.Literal(unmatched), Schema.Literals([]), Schema.Struct({}))
  ])
  const errors = error(Schema.Union([Schema.Literals([...recorded.map(({ id }) => id), unmatched]), elsewhere]))
  return [
    { ...Request.base, payload: requests },
    Request.debug,
    Request.raw,
    { ...Response.base, payload: responses },
    Response.debug,
    Response.raw,
    { ...Error.base, payload: errors },
    Error.debug,
    Error.raw
  ]
}
