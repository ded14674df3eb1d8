/**
 * Words to describe a wire with, field by field (`DescribedWire`). A Schema is made when somebody asks for it, and once, so
 * that it stands in the document once; objects take fields that they do not name, as the wire does.
 */
import { Schema } from "effect"

export type Described = () => Schema.Codec<unknown>

type Part = Schema.Codec<unknown>
type Fields = Readonly<Record<string, Schema.Struct.Fields[string]>>

const once = <A>(make: () => A): () => A => {
  let made: A | undefined
  return () => made ??= make()
}

/** An object under a name of its own. */
export const object = (identifier: string, description: string, fields: () => Fields): Described =>
  once(() => Schema.Struct(fields()).annotate({ identifier, description }) as unknown as Part)

/** One of several, under a name of its own. */
export const variants = (identifier: string, description: string, members: () => ReadonlyArray<Part>): Described =>
  once(() => Schema.Union(members()).annotate({ identifier, description }))

/** What may stand within itself. */
export const within = (described: Described): Part => Schema.suspend(described)

export const list = (item: Part): Part => Schema.Array(item)

export const dictionary = (value: Part): Part => Schema.Record(Schema.String, value)

export const either = (...members: ReadonlyArray<Part>): Part => Schema.Union(members)

export const among = (...values: ReadonlyArray<string>): Part => Schema.Literals(values)

const annotations = (description: string, example: unknown) =>
  example === undefined ? { description } : { description, examples: [example] }

/** The one value that a field can have. */
export const is = (...values: ReadonlyArray<string>): Part =>
  Schema.Literals(values).annotate({ description: values.map((value) => `\`${value}\``).join(" or ") + "." })

const isNamed = (schema: Part): boolean => Schema.resolveAnnotations(schema)?.["identifier"] !== undefined

/** A field that is always there. What has a name keeps its own description: the field's stands around it. */
export const given = (schema: Part, description: string, example?: unknown): Part =>
  (isNamed(schema) ? Schema.Union([schema]) : schema).annotate(annotations(description, example))

/** One that is always there, and may be null. */
export const givenOrNull = (schema: Part, description: string, example?: unknown): Part =>
  given(Schema.NullOr(schema), description, example)

/** One that may be left out. */
export const maybe = (schema: Part, description: string, example?: unknown) =>
  Schema.optionalKey(given(schema, description, example))

/** One that may be left out, or null. */
export const maybeNull = (schema: Part, description: string, example?: unknown) =>
  maybe(Schema.NullOr(schema), description, example)
