/** By which names this server may be asked: a page that points its own name here must not be taken for the server's. */
import { Context } from "effect"
import { isIP } from "node:net"
import type { Refused } from "./Refused.ts"

export interface Options {
  /** What the server listens on. */
  readonly host: string
  readonly allowedHosts: ReadonlyArray<string>
}

const everyAddress = new Set(["0.0.0.0", "::"])
const loopback =
  /^(?:.+\.localhost|127(?:\.\d{1,3}){3}|\[::ffff:(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|7f[\da-f]{2}:[\da-f]{1,4})\])$/

/** Without port, brackets kept: `[::1]:8321` is `[::1]`. */
const nameOf = (host: string): string => {
  const colon = host.lastIndexOf(":")
  const name = colon > host.lastIndexOf("]") ? host.slice(0, colon) : host
  return (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase()
}

const written = (host: string): string => nameOf(isIP(host) === 6 ? `[${host}]` : host)

const isAddress = (name: string): boolean => isIP(name.startsWith("[") ? name.slice(1, -1) : name) !== 0

/** Characters of a name that are told. */
const longestName = 253

const refused = (name: string, listening: string): Refused => {
  const cut = name.slice(0, longestName)
  const answers = everyAddress.has(listening)
    ? `It listens on ${listening}: it answers to addresses, to localhost and to the names it is told.`
    : "It answers to localhost, to what --host says and to the names it is told."
  return {
    kind: "host",
    status: 421,
    code: "host_not_allowed",
    reason: `This server is not known as ${JSON.stringify(cut)}. ${answers} If this name is its own, also where a ` +
      `proxy stands in front, set server.allowed_hosts: [${cut}], or start it with --allowed-hosts ${cut}.`
  }
}

/** No header at all comes from no browser. */
export const make = ({ allowedHosts, host }: Options) => {
  const names = new Set(["localhost", "127.0.0.1", "[::1]", ...[host, ...allowedHosts].map(written)])
  const addresses = everyAddress.has(host)
  return (header: string | undefined): Refused | undefined => {
    if (header === undefined) return undefined
    const name = nameOf(header)
    return names.has(name) || loopback.test(name) || (addresses && isAddress(name)) ? undefined : refused(name, host)
  }
}

/** Undefined: any name is good, for no browser gets here. */
export const CurrentHosts = Context.Reference<Options | undefined>("strata/server/HostGuard/CurrentHosts", {
  defaultValue: () => undefined
})
