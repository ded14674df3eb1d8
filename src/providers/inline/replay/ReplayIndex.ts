/** Which recording answers a request: by its key, then by session, then by occurrence. Bodies stay in the log. */

/** A call that can be answered again, and where the log has it. */
export interface Recorded {
  readonly key: string
  /** Empty where all recordings are those of one source. */
  readonly sessionId: string
  readonly requestId: string
  readonly attempt: number
  /** As the vendor names it. */
  readonly model: string
  /** Position of what was sent. */
  readonly asked: number
  /** Position of what came back. */
  readonly answered: number
  /** Position of the event that says how the call failed; undefined: it did not. */
  readonly failed: number | undefined
  /** What a session recorded in a later run replaces what it recorded in earlier ones. */
  readonly run: number
  /** An answer that was itself a replay: it counts only where nothing else does. */
  readonly replayed: boolean
}

export interface Recent {
  readonly recorded: Recorded
  readonly features: ReadonlyArray<string>
}

/** One session's answers to one request, in the order it was asked. */
interface Sequence {
  readonly run: number
  readonly replayed: boolean
  readonly answers: Array<Recorded>
}

interface Page {
  readonly sessions: Map<string, Sequence>
  /** The session with the newest answer that is no error; where there is none, with the newest. */
  newest: Sequence | undefined
}

/** Recordings of a model among which the nearest to a request is looked for. */
const recentOfModel = 200

const good = ({ failed }: Recorded): boolean => failed === undefined
const isGood = (sequence: Sequence | undefined): boolean => sequence?.answers.some(good) === true

const nth = (answers: ReadonlyArray<Recorded>, index: number): Recorded | undefined => answers[index % answers.length]

/** In their order, then again from the first, without the errors if there is anything else. */
const inOrder = ({ answers }: Sequence, index: number): Recorded | undefined => {
  if (index < answers.length) return answers[index]
  const rest = answers.filter(good)
  return nth(rest.length === 0 ? answers : rest, index - answers.length)
}

export class ReplayIndex {
  readonly #max: number
  readonly #pages = new Map<string, Page>()
  /** In the order they came. */
  readonly #all = new Set<Recorded>()
  readonly #models = new Map<string, number>()
  readonly #recent = new Map<string, Array<Recent>>()
  /** How often a session asked the same: the one that asked longest ago is first. */
  readonly #places = new Map<string, number>()
  #forgotten = 0

  /** `max` is the number of recordings, and of sessions' places, that are remembered: the oldest is forgotten first. */
  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#all.size
  }

  /** How many were forgotten because there were more than can be remembered. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** Models that were asked, as the vendor names them. */
  get models(): ReadonlyArray<string> {
    return [...this.#models.keys()].filter((model) => model !== "")
  }

  has(key: string): boolean {
    return this.#pages.has(key)
  }

  /** What the log no longer holds. */
  forget(recorded: Recorded): void {
    this.#remove(recorded)
  }

  add(recorded: Recorded, features: ReadonlyArray<string>): void {
    const { key, model, replayed, run, sessionId } = recorded
    const page: Page = this.#pages.get(key) ?? { sessions: new Map(), newest: undefined }
    let sequence = page.sessions.get(sessionId)
    if (sequence !== undefined) {
      if (run < sequence.run || (replayed && !sequence.replayed)) return
      if (run > sequence.run || replayed !== sequence.replayed) {
        for (const each of sequence.answers.toReversed()) this.#remove(each)
        sequence = undefined
      }
    }
    sequence ??= { run, replayed, answers: [] }
    const after = sequence.answers.findLastIndex(({ asked }) => asked < recorded.asked)
    sequence.answers.splice(after + 1, 0, recorded)
    this.#pages.set(key, page)
    // At the end: the sessions stand in the order of their newest answers.
    page.sessions.delete(sessionId)
    page.sessions.set(sessionId, sequence)
    if (good(recorded) || !isGood(page.newest)) page.newest = sequence
    this.#all.add(recorded)
    this.#models.set(model, (this.#models.get(model) ?? 0) + 1)
    this.#remember({ recorded, features })
    const [oldest] = this.#all
    if (this.#all.size > this.#max && oldest !== undefined) {
      this.#forgotten++
      this.#remove(oldest)
    }
  }

  #remember(recent: Recent): void {
    const list = this.#recent.get(recent.recorded.model) ?? []
    list.push(recent)
    if (list.length >= 2 * recentOfModel) list.splice(0, list.length - recentOfModel)
    this.#recent.set(recent.recorded.model, list)
  }

  #remove(recorded: Recorded): void {
    const { key, model, sessionId } = recorded
    this.#all.delete(recorded)
    const left = (this.#models.get(model) ?? 1) - 1
    if (left > 0) this.#models.set(model, left)
    else for (const map of [this.#models, this.#recent]) map.delete(model)
    const page = this.#pages.get(key)
    const sequence = page?.sessions.get(sessionId)
    if (page === undefined || sequence === undefined) return
    sequence.answers.splice(sequence.answers.indexOf(recorded), 1)
    if (sequence.answers.length === 0) page.sessions.delete(sessionId)
    if (page.sessions.size === 0) this.#pages.delete(key)
    if (sequence === page.newest) {
      const sequences = [...page.sessions.values()]
      page.newest = sequences.findLast(isGood) ?? sequences.at(-1)
    }
  }

  /**
   * The answer to a request of a session: its own where it has some (or where there is one source), else those of the
   * session that last recorded this request, and of these no errors where there is anything else. The nth time a
   * session asks, it gets the nth; behind the last it begins again.
   */
  find(key: string, sessionId: string, options: { readonly errors: boolean }): Recorded | undefined {
    const index = this.#nextPlace(`${sessionId} ${key}`)
    const page = this.#pages.get(key)
    if (page === undefined) return undefined
    const own = page.sessions.get("") ?? page.sessions.get(sessionId)
    if (own !== undefined) {
      const answer = options.errors ? inOrder(own, index) : nth(own.answers.filter(good), index)
      if (answer !== undefined) return answer
    }
    const answers = page.newest?.answers ?? []
    const chosen = answers.filter(good)
    return nth(chosen.length > 0 || !options.errors ? chosen : answers, index)
  }

  #nextPlace(place: string): number {
    const index = this.#places.get(place) ?? 0
    this.#places.delete(place)
    this.#places.set(place, index + 1)
    const [oldest] = this.#places.keys()
    if (this.#places.size > this.#max && oldest !== undefined) this.#places.delete(oldest)
    return index
  }

  /** The newest recordings of a model, newest first; of all models where it has none. */
  recent(model: string): ReadonlyArray<Recent> {
    const lists = this.#recent.get(model) ?? [...this.#recent.values()].flat()
    return lists.filter(({ recorded }) => this.#all.has(recorded))
      .sort((one, other) => other.recorded.asked - one.recorded.asked)
      .slice(0, recentOfModel)
  }
}
