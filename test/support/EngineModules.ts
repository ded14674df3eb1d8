/** Loaded first in a process: says on its error output which modules of the workflow engine it loads. */
import { registerHooks } from "node:module"

const ofEngine = /\/effect\/[^/]+\/(cluster|workflow)\//

registerHooks({
  load: (url, context, next) => {
    if (ofEngine.test(url)) process.stderr.write(`loads ${url}\n`)
    return next(url, context)
  }
})
