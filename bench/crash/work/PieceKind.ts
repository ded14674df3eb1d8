/** The kind of work that the crash test does: each piece is one call of a vendor. */
import { Schema } from "effect"
import * as WorkKind from "../../../src/kernel/work/WorkKind.ts"

export const Piece = WorkKind.make({ name: "piece", input: Schema.Struct({ round: Schema.Int }) })

export const streamOf = (workId: string): string => `pieces/${workId}`
