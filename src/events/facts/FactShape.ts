/** Which events a fact stands for: few shapes, each written once, so that a reader by type passes over the others. */
import type { Level } from "../types/Event.ts"
import type { Fact } from "./Fact.ts"

/** Type and level of each event. */
export type FactShape = ReadonlyArray<readonly [type: string, level: Level]>

/** Names the shape; the same events give the same text. */
export const textOf = ({ parts }: Fact): string => {
  let text = ""
  for (const part of parts) {
    text += part.kind === "event"
      ? `${part.type}\n`
      : `${part.type} ${part.debug === null ? "" : "d"}${part.raw === null ? "" : "r"}\n`
  }
  return text
}

export const ofText = (text: string): FactShape =>
  text.trimEnd().split("\n").flatMap((line): FactShape => {
    const [type, levels] = line.split(" ") as [string, string | undefined]
    if (levels === undefined) return [[type, "default"]]
    return [...levels].map((each) => each === "d" ? [`${type}:debug`, "debug"] : [`${type}:raw`, "raw"])
  })
