// Told to V8 before anything is loaded: everything begins young. From what survives a few collections V8 concludes which objects
// to make old from their birth, and keeps what they reach until it collects everything: all of a streamed request, in one process
// out of three (docs/performance.md). What V8 compiled is taken only under the flags it was compiled with.

import { setFlagsFromString } from "node:v8"

setFlagsFromString("--no-allocation-site-pretenuring")
