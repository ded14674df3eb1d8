/** The connections of one provider instance: a pool for each origin it sends to. Loads undici. */
import type { Dispatcher } from "@effect/platform-node/Undici"
import { Client, Pool } from "@effect/platform-node/Undici"
import { Effect } from "effect"
import type { LookupFunction } from "node:net"
import { Exchange } from "./Exchange.ts"
import type { TimeLimits } from "./TimeLimits.ts"

/** Tells an exchange whether others went over its connection before. */
class CountedClient extends Client {
  #connected = false

  constructor(origin: string | URL, options: Client.Options) {
    super(origin, options)
    this.on("connect", () => {
      this.#connected = true
    })
    this.on("disconnect", () => {
      this.#connected = false
    })
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (handler instanceof Exchange) handler.reused = this.#connected
    return super.dispatch(options, handler)
  }
}

export class Connections {
  readonly #options: Pool.Options
  readonly #pools = new Map<string, Pool>()
  /** Of one request each. */
  readonly #singles = new Set<Client>()

  #destroyed = false

  /** `lookup`: what names stand for; default: as the system has it. */
  constructor({ connect }: TimeLimits, lookup?: LookupFunction) {
    // Exchanges have time limits of their own: one timer each.
    this.#options = {
      connect: { timeout: connect, ...lookup === undefined ? {} : { lookup } },
      headersTimeout: 0,
      bodyTimeout: 0
    }
  }

  dispatch(origin: string, options: Dispatcher.DispatchOptions, exchange: Exchange, fresh: boolean): void {
    if (!fresh) return void this.#poolOf(origin).dispatch(options, exchange)
    const single = new Client(origin, this.#options as Client.Options)
    this.#singles.add(single)
    single.dispatch(options, exchange)
    // Destroyed meanwhile, it is as good as closed.
    const forget = () => this.#singles.delete(single)
    return void single.close().then(forget, forget)
  }

  /** After the requests that are on their way. */
  readonly close: Effect.Effect<void> = Effect.suspend(() =>
    this.#destroyed
      ? Effect.void
      : Effect.promise(() => Promise.all([...this.#pools.values()].map((pool) => pool.close())))
  )

  readonly destroy: Effect.Effect<void> = Effect.suspend(() => {
    this.#destroyed = true
    return Effect.promise(() => Promise.all([...this.#pools.values(), ...this.#singles].map((each) => each.destroy())))
  })

  #poolOf(origin: string): Pool {
    const existing = this.#pools.get(origin)
    if (existing !== undefined) return existing
    const factory = (url: URL, options: object) => new CountedClient(url, options)
    const pool = new Pool(origin, { ...this.#options, factory })
    this.#pools.set(origin, pool)
    return pool
  }
}
