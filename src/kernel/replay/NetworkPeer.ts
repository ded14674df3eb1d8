/** Whom a message of Node's diagnostics channels reaches, and by which means. */
import { Predicate } from "effect"
import type { Means } from "../sessions/SessionVerification.ts"
import * as SynchronousProcesses from "./SynchronousProcesses.ts"

export interface Peer {
  readonly via: Means
  /** Asked for when all is over: a socket learns whom it reaches after it has begun. */
  readonly peer: () => string
}

const member = (value: unknown, name: string): unknown => Predicate.hasProperty(value, name) ? value[name] : undefined

const ofUndici = (request: unknown): Peer => {
  const headers = member(request, "headers")
  const origin = String(member(request, "origin"))
  return { via: Array.isArray(headers) && headers.includes("sec-fetch-mode") ? "fetch" : "undici", peer: () => origin }
}

interface HttpRequest {
  readonly protocol: string
  readonly host: string
  readonly getHeader: (name: string) => unknown
}

const ofHttp = (request: HttpRequest): Peer => {
  const url = `${request.protocol}//${String(request.getHeader("host") ?? request.host)}`
  return { via: "http", peer: () => url }
}

const ofHttp2 = (headers: unknown): Peer => {
  const url = `${String(member(headers, ":scheme"))}://${String(member(headers, ":authority"))}`
  return { via: "http2", peer: () => url }
}

interface ClientSocket {
  readonly once: (event: string, listener: (...parameters: ReadonlyArray<unknown>) => void) => unknown
}

const ofSocket = (socket: ClientSocket): Peer => {
  let name: unknown
  let address: string | undefined
  socket.once("lookup", (_error, _address, _family, host) => name = host)
  socket.once("connectionAttempt", (ip, port) => {
    // Of a local socket the path, without a port.
    address = port === undefined ? String(ip) : `${String(name ?? ip)}:${String(port)}`
  })
  return { via: "socket", peer: () => address ?? String(member(socket, "_host") ?? "a local socket") }
}

type AnyFunction = (...parameters: ReadonlyArray<unknown>) => unknown
type DatagramSocket = Record<"send" | "connect", AnyFunction>

const addressOf = (port: unknown, address: unknown) =>
  `${typeof address === "string" ? address : "localhost"}:${String(port)}`

/** As Node tells what a socket that is not connected is given: with or without a part of the buffer. */
const sentTo = ([, first, second, third, fourth]: ReadonlyArray<unknown>): string =>
  fourth !== undefined || (third !== undefined && typeof third !== "function")
    ? addressOf(third, fourth)
    : addressOf(first, second)

/** Nothing is published of what a socket sends: its own functions note it. */
const ofDatagrams = (socket: DatagramSocket): Peer => {
  const peers = new Set<string>()
  let connected = false
  const { connect, send } = socket
  socket.connect = (...parameters) => {
    connected = true
    peers.add(addressOf(parameters[0], parameters[1]))
    return Reflect.apply(connect, socket, parameters)
  }
  socket.send = (...parameters) => {
    if (!connected) peers.add(sentTo(parameters))
    return Reflect.apply(send, socket, parameters)
  }
  return { via: "datagram", peer: () => peers.size === 0 ? "a socket for datagrams" : [...peers].join(", ") }
}

const longestCommand = 200

const ofCommand = (command: string): Peer => ({
  via: "process",
  peer: () => command.length > longestCommand ? `${command.slice(0, longestCommand)}…` : command
})

const ofProcess = (options: unknown): Peer => {
  const [, ...rest] = [member(options, "args")].flat()
  return ofCommand([member(options, "file"), ...rest].join(" "))
}

const worker: Peer = { via: "worker", peer: () => "a worker thread" }

/** By channel. Those of requests are published for each one, over a kept connection too; that of sockets before they connect. */
export const channels: Readonly<Record<string, (message: unknown) => Peer>> = {
  "undici:request:create": (message) => ofUndici(member(message, "request")),
  "http.client.request.start": (message) => ofHttp(member(message, "request") as HttpRequest),
  "http2.client.stream.created": (message) => ofHttp2(member(message, "headers")),
  "net.client.socket": (message) => ofSocket(member(message, "socket") as ClientSocket),
  "udp.socket": (message) => ofDatagrams(member(message, "socket") as DatagramSocket),
  "worker_threads": () => worker,
  "tracing:child_process.spawn:start": (message) => ofProcess(member(message, "options")),
  [SynchronousProcesses.channelName]: (message) => ofCommand(String(member(message, "command")))
}
