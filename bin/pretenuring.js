import { setFlagsFromString } from "node:v8"

/**
 * Everything begins young. From what survives a few collections V8 concludes which objects to make old from their birth, and
 * keeps what they reach until it collects everything: all of a streamed request, in one process out of three
 * (docs/performance.md). Called before anything is loaded: what V8 compiled is taken only under the flags it was compiled with.
 */
export const leaveOut = () => setFlagsFromString("--no-allocation-site-pretenuring")
