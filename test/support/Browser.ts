/** A real browser for tests: Chromium as npm brings it, which needs nothing of the machine but a Linux of x64. */
import { Effect } from "effect"
import type { Scope } from "effect"
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Browser } from "playwright-core"
import { chromium } from "playwright-core"

export interface Installed {
  /** Why it does not start on this machine; undefined: it does. */
  readonly unsupported: string | undefined
  /** A page of a browser of its own. `names`: hosts that lead to this machine. */
  readonly open: (names?: ReadonlyArray<string>) => Effect.Effect<Browser, never, Scope.Scope>
  readonly remove: () => void
}

const program = fileURLToPath(new URL("BrowserFiles.ts", import.meta.url))

/** Says that its own libraries are needed: they are those of a bare machine. */
const bare = { AWS_LAMBDA_JS_RUNTIME: "nodejs24.x" }

const firstLine = (error: unknown): string => String(error).split("\n").find((line) => line.trim() !== "") ?? ""

/** Some 200 MB in a folder of its own, until it is removed. */
export const install = (): Installed => {
  const folder = mkdtempSync(join(tmpdir(), "strata-browser-"))
  const environment = { PATH: dirname(process.execPath), HOME: folder, LD_LIBRARY_PATH: join(folder, "al2023/lib") }
  const remove = () => rmSync(folder, { recursive: true, force: true })

  const start = (): string => {
    if (process.platform !== "linux" || process.arch !== "x64") {
      throw new Error(`npm has no browser for ${process.platform} on ${process.arch}`)
    }
    const executable = execFileSync(process.execPath, [program], {
      env: { PATH: environment.PATH, TMPDIR: folder, ...bare },
      encoding: "utf8"
    })
    execFileSync(executable, ["--version"], { env: environment, stdio: "pipe" })
    return executable
  }

  const open = (executablePath: string): Installed["open"] => (names = []) =>
    Effect.acquireRelease(
      Effect.promise(() =>
        chromium.launch({
          executablePath,
          env: environment,
          args: [
            "--no-sandbox",
            `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1`).join(", ")}`
          ]
        })
      ),
      (browser) => Effect.promise(() => browser.close())
    )

  try {
    return { unsupported: undefined, open: open(start()), remove }
  } catch (error) {
    const unsupported = firstLine(error)
    process.stderr.write(`Tests with a browser are skipped: ${unsupported}\n`)
    return { unsupported, open: () => Effect.die(error), remove }
  }
}
