/** The provider types of the entries. */
import * as Compatible from "./Compatible.ts"
import { entries } from "./Entries.ts"

export const compatibleVendors = entries.map(Compatible.make)
