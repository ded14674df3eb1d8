/** What a session's streams have sent last, for a client that comes back for it. */
// @effect-diagnostics asyncFunction:off newPromise:off extendsNativeError:off
import type { EventStore } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js"

/** Messages kept of a session. */
const most = 256

export class McpEventStore implements EventStore {
  readonly #events = new Map<string, { readonly stream: string; readonly message: JSONRPCMessage }>()
  #count = 0

  storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    const id = String(++this.#count)
    this.#events.set(id, { stream, message })
    if (this.#events.size > most) this.#events.delete(this.#events.keys().next().value!)
    return Promise.resolve(id)
  }

  getStreamIdForEventId(id: string): Promise<string | undefined> {
    return Promise.resolve(this.#events.get(id)?.stream)
  }

  async replayEventsAfter(
    last: string,
    { send }: { readonly send: (id: string, message: JSONRPCMessage) => Promise<void> }
  ): Promise<string> {
    const stream = this.#events.get(last)?.stream ?? ""
    for (const [id, event] of this.#events) {
      const isMessage = Object.keys(event.message).length > 0
      if (event.stream === stream && Number(id) > Number(last) && isMessage) await send(id, event.message)
    }
    return stream
  }
}
