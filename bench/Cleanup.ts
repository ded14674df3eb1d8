/** What must be undone however the benchmark ends: children killed, folders removed. */
// @effect-diagnostics *:off

const actions = new Set<() => void>()

/** Runs the action once: when called, or when the process ends. */
export const atExit = (action: () => void): () => void => {
  const once = (): void => {
    if (actions.delete(once)) action()
  }
  actions.add(once)
  return once
}

process.once("exit", () => {
  for (const action of actions) action()
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130))
