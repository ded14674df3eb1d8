/** What a provider reaches is found, and nothing else: whatever it starts, over kept connections too. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Scope } from "effect"
import { execFileSync, execSync, spawn, spawnSync } from "node:child_process"
import type { Socket } from "node:dgram"
import { createSocket } from "node:dgram"
import * as diagnostics from "node:diagnostics_channel"
import { Agent as HttpAgent, createServer, get } from "node:http"
import type { AddressInfo } from "node:net"
import { connect as connectSocket } from "node:net"
import { Worker } from "node:worker_threads"
import { Agent, request } from "undici"
import * as OwnedService from "../../../src/kernel/provider/OwnedService.ts"
import * as ProviderContext from "../../../src/kernel/provider/ProviderContext.ts"
import { channels } from "../../../src/kernel/replay/NetworkPeer.ts"
import * as NetworkWatch from "../../../src/kernel/replay/NetworkWatch.ts"

/** `127.0.0.1:<port>` of a server that answers everything. */
const server: Effect.Effect<string, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer((_request, response) => void response.end("x"))
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => server.close().closeAllConnections())
  ),
  (server) => `127.0.0.1:${(server.address() as AddressInfo).port}`
)

/** Runs it as a provider's. */
const as = (provider: string) => <A>(effect: Effect.Effect<A>) =>
  Effect.flatMap(ProviderContext.ownerOf(provider), (owner) => ProviderContext.within(effect, owner))

const fetched = (host: string) => Effect.promise(() => fetch(`http://${host}/`).then((response) => response.text()))

const connected = (port: number, host?: string) =>
  Effect.callback<void>((resume) => {
    const socket = connectSocket(port, host, () => resume(Effect.sync(() => void socket.destroy())))
    socket.on("error", () => resume(Effect.void))
  })

const texts = (all: ReadonlyArray<NetworkWatch.AroundTheClient>) =>
  all.map(({ peer, provider, via }) => `${provider} ${via} ${peer}`)

describe("NetworkWatch", () => {
  it.live("finds what a provider reaches, each peer once, and nothing that others do", () =>
    Effect.gen(function*() {
      const [host, other] = [yield* server, yield* server]
      const watch = NetworkWatch.make()
      yield* watch.during(Effect.gen(function*() {
        yield* fetched(other)
        yield* as("ann")(Effect.andThen(fetched(host), fetched(host)))
        yield* as("bob")(connected(Number(host.split(":")[1]), "127.0.0.1"))
        yield* fetched(other)
      }))
      yield* as("ann")(fetched(other))
      assert.deepStrictEqual(texts(yield* watch.around), [`ann fetch http://${host}`, `bob socket ${host}`])
    }))

  it.live("finds a second request over a connection that was there before", () =>
    Effect.gen(function*() {
      const host = yield* server
      const dispatcher = new Agent({ connections: 1 })
      const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 })
      const undici = Effect.promise(() => request(`http://${host}/`, { dispatcher }).then(({ body }) => body.text()))
      const http = Effect.callback<void>((resume) => {
        get(`http://${host}/`, { agent }, (response) => response.resume().on("end", () => resume(Effect.void)))
      })
      const watch = NetworkWatch.make()
      yield* watch.during(Effect.gen(function*() {
        yield* Effect.andThen(undici, http)
        yield* as("ann")(Effect.andThen(undici, http))
      }))
      yield* Effect.promise(() => dispatcher.close())
      agent.destroy()
      assert.deepStrictEqual(texts(yield* watch.around), [`ann undici http://${host}`, `ann http http://${host}`])
    }))

  it.live("names a host that does not exist, a local socket and a command that is not there", () =>
    Effect.gen(function*() {
      const watch = NetworkWatch.make()
      const missing = Effect.callback<void>((resume) => {
        spawn("/no/such/command", ["--key", "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"]).on(
          "error",
          () => resume(Effect.void)
        )
      })
      const local = Effect.callback<void>((resume) => {
        connectSocket("/no/such.sock").on("error", () => resume(Effect.void))
      })
      yield* watch.during(as("ann")(Effect.all([connected(1, "nobody.invalid"), local, missing])))
      const [unknown, socket, command] = texts(yield* watch.around)
      assert.deepStrictEqual([unknown, socket], ["ann socket nobody.invalid", "ann socket /no/such.sock"])
      assert.include(command, "ann process /no/such/command --key ")
      assert.notInclude(command, "abcdefghijklmnop")
    }))

  it.live("names the peers of datagrams, connected or not, and a socket that sends none", () =>
    Effect.gen(function*() {
      const watch = NetworkWatch.make()
      const sent = (send: (socket: Socket, done: () => void) => void) =>
        Effect.callback<void>((resume) => {
          const socket = createSocket("udp4")
          send(socket, () => void socket.close(() => resume(Effect.void)))
        })
      yield* watch.during(
        as("ann")(Effect.all([
          sent((socket, done) =>
            socket.send("x", 9, "127.0.0.1", () => socket.send("xyz", 0, 1, 10, "localhost", done))
          ),
          sent((socket, done) => socket.send(Buffer.from("x"), 11, done)),
          sent((socket, done) => void socket.connect(12, "127.0.0.1", () => socket.send("x", done))),
          sent((socket, done) => void socket.bind(0, "127.0.0.1", done))
        ]))
      )
      assert.deepStrictEqual(texts(yield* watch.around), [
        "ann datagram 127.0.0.1:9, localhost:10",
        "ann datagram localhost:11",
        "ann datagram 127.0.0.1:12",
        "ann datagram a socket for datagrams"
      ])
    }))

  it.live("names a worker thread: what runs in it is seen no more", () =>
    Effect.gen(function*() {
      const watch = NetworkWatch.make()
      yield* watch.during(
        as("ann")(
          Effect.callback<void>((resume) => {
            new Worker("0", { eval: true }).on("exit", () => resume(Effect.void))
          })
        )
      )
      assert.deepStrictEqual(texts(yield* watch.around), ["ann worker a worker thread"])
    }))

  it.live("names what a provider runs and waits for, and leaves node:child_process as it was", () =>
    Effect.gen(function*() {
      const before = [execFileSync, execSync, spawnSync]
      const [one, other] = [NetworkWatch.make(), NetworkWatch.make()]
      const run = Effect.sync(() => {
        spawnSync("node", ["--version"])
        execFileSync("node", ["-p", "1"])
        return [String(execSync("echo 2")).trim(), String(execFileSync("echo", { input: "" })).trim()]
      })
      const outside = Effect.sync(() => void spawnSync("node", ["--help"]))
      const inner = Effect.andThen(other.during(as("bob")(Effect.sync(() => void spawnSync("true")))), as("ann")(run))
      const answers = yield* one.during(Effect.andThen(outside, inner))
      assert.deepStrictEqual(answers, ["2", ""])
      assert.deepStrictEqual(texts(yield* one.around), [
        "ann process node --version",
        "ann process node -p 1",
        "ann process echo 2",
        "ann process echo"
      ])
      assert.deepStrictEqual(texts(yield* other.around), ["bob process true"])
      assert.deepStrictEqual([execFileSync, execSync, spawnSync], before)
    }))

  it.live("finds what a provider leaves running when its answer is there", () =>
    Effect.gen(function*() {
      const host = yield* server
      const watch = NetworkWatch.make()
      const service = { ask: () => Effect.sync(() => void setTimeout(() => void get(`http://${host}/`), 5)) }
      yield* watch.during(Effect.gen(function*() {
        const owner = yield* ProviderContext.ownerOf("ann")
        const owned = OwnedService.make("value", service, owner) as typeof service
        yield* owned.ask()
        yield* Effect.sleep("50 millis")
      }))
      assert.deepStrictEqual(texts(yield* watch.around), [`ann http http://${host}`])
    }))

  it.live("sees nothing of a verification that runs at the same time, and is gone when it ends", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* server, yield* server]
      const watches = [NetworkWatch.make(), NetworkWatch.make()] as const
      const run = (host: string) =>
        Effect.forEach([1, 2, 3], () => Effect.andThen(as("ann")(fetched(host)), Effect.sleep(1)))
      yield* Effect.all([watches[0].during(run(one)), watches[1].during(run(other))], { concurrency: 2 })
      assert.deepStrictEqual(texts(yield* watches[0].around), [`ann fetch http://${one}`])
      assert.deepStrictEqual(texts(yield* watches[1].around), [`ann fetch http://${other}`])
      for (const name of Object.keys(channels)) assert.isFalse(diagnostics.hasSubscribers(name), name)
    }))
})
