/** Finds a tool by its name among those there are. */
import { Result } from "effect"
import { nearestKey } from "../../kernel/issues/NearestKey.ts"
import type { ToolDefinition } from "../../kernel/tools/ToolDefinition.ts"
import { ToolNotFound } from "../../kernel/tools/ToolFailure.ts"

/** A name of the client's own making is not compared at any length. */
const longest = 128

/** `group`: where it was looked for, for people; null: everywhere. */
export const one = (
  tools: ReadonlyArray<ToolDefinition>,
  name: string,
  group: string | null
): Result.Result<ToolDefinition, ToolNotFound> => {
  const named = tools.filter((each) => each.name === name)
  const [first, ...others] = named
  if (first !== undefined && others.length === 0) return Result.succeed(first)
  const nearest = nearestKey(name.slice(0, longest), tools.map((tool) => tool.name))
  const suggestions = first === undefined
    ? nearest === undefined ? [] : [nearest]
    : named.map((tool) => tool.group)
  return Result.fail(new ToolNotFound({ tool: name, group, suggestions, ambiguous: first !== undefined }))
}
