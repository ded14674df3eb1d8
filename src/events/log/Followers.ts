/**
 * Who waits for news of the log. A commit wakes those whose filter may let through something of it, and nobody else:
 * each of many turns has a follower, and their commits must not have all of them read the log.
 */
import { Effect, Result } from "effect"
import type { Appendable } from "../facts/Fact.ts"
import * as Fact from "../facts/Fact.ts"
import type { Append, Appended, Filter } from "./EventLog.ts"
import { matches, typeMatches } from "./EventLog.ts"

interface Waiting {
  /** Who waits longer has a lower one. */
  readonly number: number
  readonly filter: Filter
  readonly wake: (passed: number) => void
}

/** Of followers that want no session or stream of their own. */
const ofAll = ""

/** What of a filter few events have: followers are found by it. */
const keyOf = ({ sessionId, stream }: Filter): string =>
  sessionId !== undefined ? `session ${sessionId}` : stream !== undefined ? `stream ${stream}` : ofAll

const ofNobody: ReadonlySet<Waiting> = new Set()

/** False only where none of its events can pass: whoever is woken reads with the whole filter. */
const mayPass = (filter: Filter, appendable: Appendable, stream: string): boolean => {
  if (!Fact.isFact(appendable)) return matches(filter, { ...appendable, stream, position: 0, version: 0 })
  const { parts, sessionId, tenant } = appendable
  if (filter.tenant !== undefined && filter.tenant !== tenant) return false
  if (filter.sessionId !== undefined && filter.sessionId !== sessionId) return false
  if (filter.stream !== undefined && filter.stream !== stream) return false
  if (filter.streams !== undefined && !filter.streams.includes(stream)) return false
  const { types } = filter
  if (types === undefined) return true
  for (const part of parts) for (const wanted of types) if (mayName(wanted, part)) return true
  return false
}

/** Few filters have patterns: the others are compared without making the types of a part's events. */
const mayName = (wanted: string, { kind, type }: Fact.Part): boolean => {
  if (wanted === type) return true
  if (wanted.endsWith("*")) {
    const types = kind === "event" ? [type] : [type, `${type}:debug`, `${type}:raw`]
    return types.some((each) => typeMatches([wanted], each))
  }
  return kind !== "event" && wanted.startsWith(type) && wanted[type.length] === ":"
}

/** Who waits longest learns of it first, whatever each waits for. */
const wakeInOrder = (waiting: ReadonlyArray<Waiting>, passed: number): void => {
  for (const { wake } of waiting.toSorted((one, other) => one.number - other.number)) wake(passed)
}

export class Followers {
  readonly #waiting = new Map<string, Set<Waiting>>()
  /** Position of the last event that is known to be committed. */
  #head = 0
  #commits = 0
  #number = 0

  /** How often something was committed: asked before a look into the log, and given to `news` behind it. */
  get commits(): number {
    return this.#commits
  }

  /**
   * Waits until something is committed that the filter may let through; at once where anything was since `commits`.
   * Gives the position up to which nothing can be for who waits; 0 where that is not known.
   */
  news(filter: Filter, commits: number): Effect.Effect<number> {
    return Effect.callback((resume) => {
      if (commits !== this.#commits) return resume(Effect.succeed(0))
      const key = keyOf(filter)
      const waiting: Waiting = { number: this.#number++, filter, wake: (passed) => resume(Effect.succeed(passed)) }
      const others = this.#waiting.get(key)
      if (others === undefined) this.#waiting.set(key, new Set([waiting]))
      else others.add(waiting)
      return Effect.sync(() => this.#remove(key, waiting))
    })
  }

  /** Another process may have committed events. */
  changed(): void {
    this.#commits++
    const all = [...this.#waiting.values()].flatMap((each) => [...each])
    this.#waiting.clear()
    wakeInOrder(all, 0)
  }

  /** This process has committed a group. */
  committed(group: ReadonlyArray<Append>, results: ReadonlyArray<Result.Result<Appended, unknown>>): void {
    const passed = this.#head
    let isGapless = true
    const appended: Array<Append> = []
    for (const [index, append] of group.entries()) {
      const result = results[index]!
      // Refused, or there already.
      if (Result.isFailure(result) || result.success.position <= this.#head) continue
      const count = append.events.reduce((sum, each) => sum + Fact.countOf(each), 0)
      if (result.success.position - count !== this.#head) isGapless = false
      this.#head = result.success.position
      appended.push(append)
    }
    if (!isGapless) return this.changed()
    this.#commits++
    if (this.#waiting.size === 0) return
    // Who is woken may wait again before the next is: for what comes behind all this.
    wakeInOrder(appended.flatMap((append) => this.#take(append)), passed)
  }

  /** Those whom it concerns do not wait any more. */
  #take({ events, stream }: Append): ReadonlyArray<Waiting> {
    const taken: Array<Waiting> = []
    const takeOf = (key: string, each: Appendable) => {
      for (const waiting of this.#waiting.get(key) ?? ofNobody) {
        if (!mayPass(waiting.filter, each, stream)) continue
        this.#remove(key, waiting)
        taken.push(waiting)
      }
    }
    for (const each of events) {
      takeOf(ofAll, each)
      if (this.#waiting.size === Number(this.#waiting.has(ofAll))) continue
      takeOf(keyOf({ stream }), each)
      if (each.sessionId !== null) takeOf(keyOf({ sessionId: each.sessionId }), each)
    }
    return taken
  }

  #remove(key: string, waiting: Waiting): void {
    const others = this.#waiting.get(key)
    if (others?.delete(waiting) === true && others.size === 0) this.#waiting.delete(key)
  }
}
