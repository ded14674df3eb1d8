/** In which order the targets of a model are asked. */
import { createHash } from "node:crypto"
import type { RoutingTarget } from "../../kernel/resources/ModelRouting.ts"

export interface Order {
  readonly targets: ReadonlyArray<string>
  /** Why the first is the first. */
  readonly reason: "first" | "weight" | "sticky"
}

/** From 0 to 1, always the same for a text. */
export const shareOf = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32

/** The target at a share of all weights; undefined where none has any. */
const atShare = (targets: ReadonlyArray<RoutingTarget>, share: number): RoutingTarget | undefined => {
  const weights = targets.map(({ weight = 0 }) => weight)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let left = share * total
  return total === 0 ? undefined : targets.find((_, index) => (left -= weights[index]!) < 0)
}

/** `stickyTo`: what the choice sticks to, where it does; `random`: drawn, from 0 to 1. */
export const of = (
  { targets }: { readonly targets: ReadonlyArray<RoutingTarget> },
  { random, stickyTo }: { readonly random: number; readonly stickyTo: string | undefined }
): Order => {
  const chosen = atShare(targets, stickyTo === undefined ? random : shareOf(stickyTo))
  const names = targets.map(({ model }) => model)
  if (chosen === undefined) return { targets: names, reason: "first" }
  return {
    targets: [chosen.model, ...names.filter((name) => name !== chosen.model)],
    reason: stickyTo === undefined ? "weight" : "sticky"
  }
}
