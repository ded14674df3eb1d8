/** What was said before an interaction, and in which session. */
import { Effect } from "effect"
import type { Schema } from "effect"
import { isFields, parse, textOrNull } from "../../events/types/JsonAccess.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { RecentMap } from "../../events/types/RecentMap.ts"
import { CurrentTenant, qualified } from "../../events/types/Tenant.ts"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import type * as Documents from "../../kernel/documents/Documents.ts"
import { CurrentReplayDocuments } from "../../kernel/documents/ReplayDocuments.ts"
import type { KeptInteraction } from "./InteractionsModels.ts"
import { isOpen } from "./InteractionsModels.ts"

type Fields = Schema.JsonObject

/** So many interactions may stand behind one another. */
const longestChain = 10_000

/** Characters of conversations that are remembered, so that the next interaction reads one, and not all before it. */
const mostCharacters = 16 * 1024 * 1024

/** A conversation up to the end of an interaction, oldest first. */
interface History {
  readonly steps: ReadonlyArray<Fields>
  readonly length: number
}

const nothing: History = { steps: [], length: 0 }

const names = /"previous_interaction_id"/

export const make = (documents: Documents.Documents<KeptInteraction>) => {
  const remembered = new RecentMap<string, History>(mostCharacters, ({ length }) => length)

  return {
    /** The conversation that an interaction ends. */
    of: Effect.fnUntraced(function*(last: string) {
      const tenant = yield* CurrentTenant
      const isReplay = (yield* CurrentReplayDocuments) !== undefined
      const behind: Array<ReadonlyArray<Fields>> = []
      let history = nothing
      for (let id: string | null = last; id !== null && behind.length < longestChain;) {
        // The last is asked for each time: it may be deleted, or somebody else's.
        const earlier: History | undefined = isReplay || id === last ? undefined : remembered.get(qualified(tenant, id))
        if (earlier !== undefined) {
          history = earlier
          break
        }
        const kept: KeptInteraction = (yield* documents.get(id)).value
        if (isOpen(kept)) {
          return yield* new DocumentInvalid({
            type: "interaction",
            field: "previous_interaction_id",
            message: `The interaction ${id} is not answered yet: wait for it.`
          })
        }
        behind.push([...kept.input, ...kept.steps])
        id = kept.previous_interaction_id
      }
      const more = behind.toReversed().flat()
      const whole = { steps: [...history.steps, ...more], length: history.length + JSON.stringify(more).length }
      if (!isReplay) remembered.set(qualified(tenant, last), whole)
      return whole.steps
    }),
    /** What is deleted is in no conversation any more. */
    forget: Effect.sync(() => remembered.clear()),
    /** The session of the one before, where that is of who asks. */
    sessionOf: (text: string): Effect.Effect<string | undefined> => {
      const body = names.test(text) ? parse(text) : undefined
      const previous = isFields(body) ? textOrNull(body["previous_interaction_id"]) : null
      if (previous === null) return Effect.undefined
      return Effect.gen(function*() {
        if ((yield* CurrentReplayDocuments) !== undefined) return undefined
        const { owner, value: { session } } = yield* documents.get(previous)
        return (yield* CurrentPrincipal)?.id === owner?.id ? session ?? undefined : undefined
        // What is wrong with it is said where it is asked for.
      }).pipe(Effect.catch(() => Effect.undefined))
    }
  }
}
