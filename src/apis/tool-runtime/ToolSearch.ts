/** Finds a tool by its name among those there are. */
import { Result } from "effect"
import type { ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"
import { missing, ToolNotFound } from "../../kernel/tools/ToolFailure.ts"

/** `group`: where it was looked for, for people; null: everywhere. */
export const one = (
  tools: ReadonlyArray<ToolDefinition>,
  name: string,
  group: string | null
): Result.Result<ToolDefinition, ToolNotFound> => {
  const named = tools.filter((each) => each.name === name)
  const [first, ...others] = named
  if (first !== undefined && others.length === 0) return Result.succeed(first)
  if (first === undefined) return Result.fail(missing(name, group, tools.map((tool) => tool.name)))
  return Result.fail(
    new ToolNotFound({ tool: name, group, suggestions: named.map((tool) => tool.group), ambiguous: true })
  )
}
