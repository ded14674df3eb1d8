/** Strata's files one by one, which modules from outside share with it: in a bundle Effect is Strata's alone. */
import { Config, Effect } from "effect"

/** `1` where `bin/strata.js` has started the bundle, `0` where it is not to. */
const variable = "STRATA_BUNDLE"

/** In a bundle the process begins anew without it, as itself. Nothing may be under way yet. */
export const needed: Effect.Effect<void> = Config.String(variable).pipe(
  Config.withDefault("0"),
  Effect.orDie,
  Effect.map((value) => {
    const { argv, env, execArgv, execPath, execve } = process
    if (value === "1") execve?.(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, [variable]: "0" })
  })
)
