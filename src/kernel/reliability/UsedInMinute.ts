/** What has been used within the last minute, exactly: a window that slides. */

const minute = 60_000

export interface Use {
  readonly at: number
  tokens: number
}

export interface Allowed {
  readonly requests: number
  readonly tokens: number
}

export class UsedInMinute {
  readonly #allowed: Allowed
  #uses: Array<Use> = []
  /** Those that have left the window and still stand in the list. */
  #passed = 0
  #tokens = 0

  constructor(allowed: Allowed) {
    this.#allowed = allowed
  }

  #leave(now: number): void {
    while (this.#passed < this.#uses.length && this.#uses[this.#passed]!.at <= now - minute) {
      this.#tokens -= this.#uses[this.#passed++]!.tokens
    }
    if (this.#passed > 1024) {
      this.#uses = this.#uses.slice(this.#passed)
      this.#passed = 0
    }
  }

  get #count(): number {
    return this.#uses.length - this.#passed
  }

  /** What stands in the way of one that needs so many tokens; undefined: nothing. One that needs more than all may go alone. */
  wait(
    now: number,
    tokens: number
  ): { readonly reason: "requests" | "tokens"; readonly milliseconds: number } | undefined {
    this.#leave(now)
    const { requests } = this.#allowed
    if (this.#count >= requests) {
      const oldest = this.#uses[this.#uses.length - requests]!
      return { reason: "requests", milliseconds: oldest.at + minute - now }
    }
    let used = this.#tokens
    if (used + tokens <= this.#allowed.tokens || used === 0) return undefined
    for (let index = this.#passed; index < this.#uses.length; index++) {
      const use = this.#uses[index]!
      used -= use.tokens
      if (used + tokens <= this.#allowed.tokens || used === 0) {
        return { reason: "tokens", milliseconds: use.at + minute - now }
      }
    }
    return undefined
  }

  add(now: number, tokens: number): Use {
    const use = { at: now, tokens }
    this.#uses.push(use)
    this.#tokens += tokens
    return use
  }

  /** It has used so many in fact. */
  correct(use: Use, tokens: number, now: number): void {
    this.#leave(now)
    if (use.at > now - minute) this.#tokens += tokens - use.tokens
    use.tokens = tokens
  }

  used(now: number): { readonly requests: number; readonly tokens: number } {
    this.#leave(now)
    return { requests: this.#count, tokens: this.#tokens }
  }
}
