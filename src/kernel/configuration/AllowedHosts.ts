/** The key `server.allowed_hosts`: names of this server beside those it knows by itself. */
import { isIP } from "node:net"
import { texts } from "../provider/FieldSchema.ts"

const name = /^[\w-]+(?:\.[\w-]+)*\.?$/
const address = (text: string): boolean => isIP(text.replace(/^\[(.*)\]$/, "$1")) !== 0

/** What is wrong with a name; undefined: nothing. */
export const problem = (text: string): string | undefined => {
  if (text.includes("*")) {
    return "any page could point a name at this server and read it (DNS rebinding): write each name in full, for " +
      "example strata.example.com"
  }
  if (address(text) || name.test(text)) return undefined
  const [, host] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(\[[^\]]*\]|[^/:@\s]+)\S*$/i.exec(text) ?? []
  return host !== undefined && host !== text && (address(host) || name.test(host))
    ? `write only the name: ${host}; any scheme and port is accepted`
    : "write a name or an address, for example strata.example.com"
}

export const AllowedHosts = texts({
  description:
    "Names this server is reached by, for example [strata.example.com]: what the header Host may say, with " +
    "any port. Loopback names and what `host` says are known already; with host 0.0.0.0 or ::, so is every address"
}, problem)
