/** Types of events that stand in most facts, by numbers: a part of the format, to which types are only ever added. */

const types = ["session:start", "api:request", "llm:request", "llm:response", "api:response", "api:error", "llm:error"]

const numbers = new Map(types.map((type, index) => [type, index + 1]))

/** From 1; undefined: it is written out. */
export const numberOf = (type: string): number | undefined => numbers.get(type)

export const ofNumber = (number: number): string => {
  const type = types[number - 1]
  if (type === undefined) throw new Error(`there is no type of events with the number ${number}`)
  return type
}
