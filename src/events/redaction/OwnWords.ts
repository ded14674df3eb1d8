/** The words an event has of its definition, not of whoever asked: the names of its fields, and what these may choose. */
import { Schema, SchemaAST } from "effect"
import type { Definition } from "../types/Event.ts"

const collect = (ast: SchemaAST.AST, words: Set<string>, visited: Set<SchemaAST.AST>): void => {
  if (visited.has(ast)) return
  visited.add(ast)
  if (SchemaAST.isLiteral(ast)) {
    if (typeof ast.literal === "string") words.add(ast.literal)
  } else if (SchemaAST.isUnion(ast)) {
    for (const type of ast.types) collect(type, words, visited)
  } else if (SchemaAST.isArrays(ast)) {
    for (const type of [...ast.elements, ...ast.rest]) collect(type, words, visited)
  } else if (SchemaAST.isObjects(ast)) {
    for (const { name, type } of ast.propertySignatures) {
      words.add(String(name))
      collect(type, words, visited)
    }
    for (const { type } of ast.indexSignatures) collect(type, words, visited)
  } else if (SchemaAST.isSuspend(ast)) {
    collect(ast.thunk(), words, visited)
  }
}

const byDefinition = new WeakMap<Definition, ReadonlySet<string>>()

export const of = (definition: Definition): ReadonlySet<string> => {
  const before = byDefinition.get(definition)
  if (before !== undefined) return before
  const words = new Set<string>()
  collect(Schema.toEncoded(definition.payload).ast, words, new Set())
  byDefinition.set(definition, words)
  return words
}
