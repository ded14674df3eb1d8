/** `@modelcontextprotocol/server-everything`, the real package: as a command, or listening on a free port. */
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"

const entry = join(
  dirname(createRequire(import.meta.url).resolve("@modelcontextprotocol/server-everything/package.json")),
  "dist/index.js"
)

/** A program in a folder that starts it: where the folder is gone, the server can't start. */
const install = (folder: string): string => {
  const file = join(folder, "server.mjs")
  writeFileSync(file, `await import(${JSON.stringify(pathToFileURL(entry).href)})\n`)
  return file
}

const freePort = Effect.callback<number>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** Listens until the scope closes. */
const listening = Effect.gen(function*() {
  const port = yield* freePort
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [entry, "streamableHttp"], {
        env: { PATH: process.env["PATH"] ?? "", PORT: String(port) },
        stdio: ["ignore", "ignore", "pipe"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  yield* Effect.callback<void>((resume) => {
    child.stderr.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("listening")) resume(Effect.void)
    })
    child.once("exit", (code) => resume(Effect.die(new Error(`server-everything ended with ${code}`))))
  })
  return { url: `http://127.0.0.1:${port}/mcp`, stop: Effect.sync(() => child.kill("SIGKILL")) }
})

export const EverythingServer = { install, listening }
