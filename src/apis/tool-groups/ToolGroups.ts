/** The tool group registry's contract. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { ResourceError, ResourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { RegisterToolGroup, ToolGroup } from "./ToolGroupsModels.ts"

export class ToolGroups extends Context.Service<ToolGroups, {
  /** In order of id. */
  readonly list: Effect.Effect<ReadonlyArray<ToolGroup>, EventLogUnavailable>
  /** By its id, or by what its provider calls it where only one has it. */
  get(id: string): Effect.Effect<ToolGroup, ResourceNotFound | EventLogUnavailable>
  /** Gives what stands there already where it is the same. */
  register(group: RegisterToolGroup): Effect.Effect<ToolGroup, ResourceError>
  /** Only what was registered by `register`. */
  unregister(id: string): Effect.Effect<void, ResourceError>
}>()("strata/apis/tool-groups/ToolGroups") {}
