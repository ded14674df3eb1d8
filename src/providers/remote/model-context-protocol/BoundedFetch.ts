/** A `fetch` for an MCP server over HTTP: to addresses that are allowed, without redirects, each message bounded. */
// @effect-diagnostics asyncFunction:off newPromise:off extendsNativeError:off
import { Agent, fetch } from "@effect/platform-node/Undici"
import * as PublicAddresses from "../../../kernel/client/PublicAddresses.ts"

export interface Options {
  readonly maxMessageBytes: number
  readonly connectTimeoutMs: number
  /** Whether it may reach this machine and its network. */
  readonly allowPrivate: boolean
}

export class MessageTooLong extends Error {
  override readonly name = "MessageTooLong"
}

/** Bytes since the last empty line, which ends a server-sent event. */
const bounded = (longest: number) => {
  let length = 0
  return new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const last = Math.max(text.lastIndexOf("\n\n"), text.lastIndexOf("\r\n\r\n"))
      length = last === -1 ? length + chunk.length : chunk.length - last
      if (length > longest) controller.error(new MessageTooLong(`it sent a message of more than ${longest} bytes`))
      else controller.enqueue(chunk)
    }
  })
}

/** Its connections are open until it is closed. */
export const make = ({ allowPrivate, connectTimeoutMs, maxMessageBytes }: Options) => {
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs, ...allowPrivate ? {} : { lookup: PublicAddresses.lookup } },
    headersTimeout: 0,
    bodyTimeout: 0
  })
  const send = async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const refused = allowPrivate ? undefined : PublicAddresses.refusalOf(new URL(url))
    if (refused !== undefined) throw refused
    const asked = { ...init, redirect: "manual", dispatcher: agent } as unknown as Parameters<typeof fetch>[1]
    const response = await fetch(url, asked) as unknown as Response
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      throw new Error(`it answered ${response.status}: redirects are not followed, check its address`)
    }
    if (response.body === null) return response
    const { headers, status, statusText } = response
    return new Response(response.body.pipeThrough(bounded(maxMessageBytes)), { headers, status, statusText })
  }
  return { fetch: send, close: () => agent.destroy() }
}
