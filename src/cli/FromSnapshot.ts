/** A process that begins from a startup snapshot (`bin/snapshot.js`), where all modules of a server are loaded already. */
import { enableCompileCache } from "node:module"
import { startupSnapshot } from "node:v8"

/** What a process was begun with stays its own: those that it starts load their modules, each its own. */
const leaveToThisProcess = (): void => {
  const { argv, execArgv } = process
  const at = execArgv.indexOf("--snapshot-blob")
  if (at >= 0) execArgv.splice(at, 2)
  // Some versions of Node name themselves where a script stands.
  if (argv[1] === argv[0]) argv.splice(1, 1)
  enableCompileCache()
}

/** Runs the program now; while a snapshot is made, in each process that begins from it. */
export const run = (program: () => void): void => {
  if (!startupSnapshot.isBuildingSnapshot()) return program()
  return startupSnapshot.setDeserializeMainFunction(() => {
    leaveToThisProcess()
    program()
  })
}
