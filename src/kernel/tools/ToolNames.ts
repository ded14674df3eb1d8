/** Names for tools of several groups side by side: each its own, and of letters a caller takes. */
import type { ToolDefinition } from "./ToolDefinition.ts"

export interface Letters {
  /** What may not stand in a name. */
  readonly others: RegExp
  /** Characters at most. */
  readonly longest: number
}

/** What vendors of models take for the name of a function. */
export const ofModels: Letters = { others: /[^a-zA-Z0-9_-]/gu, longest: 64 }

/** What MCP takes. */
export const ofMcp: Letters = { others: /[^a-zA-Z0-9_.-]/gu, longest: 128 }

export interface NamedTool<Definition> {
  readonly name: string
  readonly tool: Definition
}

/** A name of letters that are taken, which others may come to as well. */
export const plain = (name: string, { longest, others }: Letters): string =>
  name.replaceAll(others, "_").slice(0, longest)

/**
 * In the order of the tools, and always the same for the same tools. One whose name several groups have has its
 * provider's id before it; what still is not its own is counted.
 */
export const of = <Definition extends Pick<ToolDefinition, "name" | "provider">>(
  tools: ReadonlyArray<Definition>,
  letters: Letters
): ReadonlyArray<NamedTool<Definition>> => {
  const { longest } = letters
  const shared = Map.groupBy(tools, ({ name }) => plain(name, letters))
  const taken = new Set<string>()
  /** How far each wanted name is counted: all before are taken. */
  const counted = new Map<string, number>()
  return tools.map((tool) => {
    const own = plain(tool.name, letters)
    const wanted = own !== "" && shared.get(own)?.length === 1 ? own : plain(`${tool.provider}_${tool.name}`, letters)
    let name = wanted.slice(0, longest)
    for (let count = counted.get(wanted) ?? 2; taken.has(name); count++) {
      const ending = `_${count}`
      name = wanted.slice(0, longest - ending.length) + ending
      counted.set(wanted, count + 1)
    }
    taken.add(name)
    return { name, tool }
  })
}
