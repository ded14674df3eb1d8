/** Whom a message of Node's diagnostics channels reaches, and by which means. */
import { Predicate } from "effect"
import type { Means } from "../sessions/SessionVerification.ts"

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

const longestCommand = 200

const ofProcess = (options: unknown): Peer => {
  const [, ...rest] = [member(options, "args")].flat()
  const command = [member(options, "file"), ...rest].join(" ")
  return {
    via: "process",
    peer: () => command.length > longestCommand ? `${command.slice(0, longestCommand)}…` : command
  }
}

/** By channel. Those of requests are published for each one, over a kept connection too; that of sockets before they connect. */
export const channels: Readonly<Record<string, (message: unknown) => Peer>> = {
  "undici:request:create": (message) => ofUndici(member(message, "request")),
  "http.client.request.start": (message) => ofHttp(member(message, "request") as HttpRequest),
  "http2.client.stream.created": (message) => ofHttp2(member(message, "headers")),
  "net.client.socket": (message) => ofSocket(member(message, "socket") as ClientSocket),
  "tracing:child_process.spawn:start": (message) => ofProcess(member(message, "options"))
}
