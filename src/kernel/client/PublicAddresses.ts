/**
 * Keeps requests away from this machine and its network: the address that a name resolves to is looked at when the
 * connection is made to it, so that no name can stand for another address a moment later.
 */
// @effect-diagnostics extendsNativeError:off
import * as Dns from "node:dns"
import type { LookupAddress } from "node:dns"
import type { LookupFunction } from "node:net"
import { BlockList, isIP, isIPv6 } from "node:net"

const ofHere = new BlockList()
for (
  const [network, prefix] of [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["224.0.0.0", 4],
    ["240.0.0.0", 4]
  ] as const
) ofHere.addSubnet(network, prefix, "ipv4")
for (
  const [network, prefix] of [
    ["::", 96],
    ["::ffff:0:0:0", 96],
    ["64:ff9b::", 96],
    ["64:ff9b:1::", 48],
    ["2001::", 32],
    ["2002::", 16],
    ["fc00::", 7],
    ["fe80::", 10],
    ["fec0::", 10],
    ["ff00::", 8]
  ] as const
) ofHere.addSubnet(network, prefix, "ipv6")

/** Private, loopback, link-local (where clouds keep their metadata), shared, multicast, or reserved. */
export const isOfHere = (address: string): boolean => {
  const plain = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "")
  // ::ffff:10.0.0.1 is checked as 10.0.0.1.
  return ofHere.check(plain, isIPv6(plain) ? "ipv6" : "ipv4")
}

export class AddressRefused extends Error {
  override readonly name = "AddressRefused"

  constructor(host: string, address: string) {
    const resolved = host === address ? host : `${host} stands for ${address}, which`
    super(`${resolved} is an address of this machine or its network. Set allow_private_addresses: true to permit it`)
  }
}

/** The refusal behind a failure; undefined: it is another. */
export const refusalIn = (error: unknown): AddressRefused | undefined => {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; depth++) {
    if (at instanceof AddressRefused) return at
    at = at.cause
  }
  return undefined
}

/** Of a URL whose host is an address already: such are not looked up. */
export const refusalOf = (url: URL): AddressRefused | undefined => {
  const host = url.hostname.replace(/^\[|\]$/g, "")
  return isIP(host) !== 0 && isOfHere(host) ? new AddressRefused(host, host) : undefined
}

/** For a socket's `lookup`: fails where any address of a name is one of here. */
export const lookup: LookupFunction = (hostname, options, callback) => {
  Dns.lookup(hostname, { ...options, all: true }, (error, addresses: ReadonlyArray<LookupAddress>) => {
    if (error !== null) return callback(error, [])
    const refused = addresses.find(({ address }) => isOfHere(address))
    if (refused !== undefined) return callback(new AddressRefused(hostname, refused.address), [])
    const [first] = addresses
    return options.all === true ? callback(null, [...addresses]) : callback(null, first!.address, first!.family)
  })
}
