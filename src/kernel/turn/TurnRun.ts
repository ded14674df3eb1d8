/** One execution of a turn: its state is folded from the events it emits as it emits them, as a reader of the log folds it. */
import { Effect, Option } from "effect"
import type { Schema } from "effect"
import type { Definition, Payload } from "../../events/types/Event.ts"
import * as Decision from "../calls/Decision.ts"
import type { HookDecision } from "../hooks/HookDecision.ts"
import type { Emission, Hooks } from "../hooks/Hooks.ts"
import type { Recording } from "../requests/Recording.ts"
import type { EndStatus, TurnError } from "./TurnEvents.ts"
import type { TurnPorts } from "./TurnPorts.ts"
import type { Answer, TurnSignals } from "./TurnSignals.ts"
import { silent } from "./TurnSignals.ts"
import type { TurnRecord, TurnState } from "./TurnState.ts"
import { apply } from "./TurnState.ts"
import type { TurnUpdate } from "./TurnUpdate.ts"

/** How an execution ends. */
export interface Outcome {
  readonly status: EndStatus
  readonly reason: string | null
  readonly error: TurnError | null
}

export const outcome = (status: EndStatus, reason: string | null = null): Outcome => ({ status, reason, error: null })

export interface Options {
  readonly recording: Recording
  readonly ports: TurnPorts
  readonly signals: TurnSignals
  readonly hooks: Hooks["Service"]
  readonly state: TurnState
  readonly turn: string
  /** Answers of the model are streamed to who watches. */
  readonly stream: boolean
  readonly notify: (update: TurnUpdate) => Effect.Effect<void>
  /** A tool that nobody knows is the client's: a call of it ends the turn, too. Default: the model learns that there is none. */
  readonly unknownIsClients?: boolean
  /** What was answered before the turn began, of calls that its conversation leaves open; by the call. */
  readonly answers?: ReadonlyMap<string, Answer>
}

export class TurnRun {
  readonly options: Options
  readonly recording: Recording
  #state: TurnState

  constructor(options: Options) {
    this.options = options
    this.recording = options.recording
    this.#state = options.state
  }

  get state(): TurnState {
    return this.#state
  }

  get turn(): TurnRecord {
    const { turn } = this.options
    return this.#state.turns.find(({ id }) => id === turn)!
  }

  #evolve<D extends Definition>({ type }: D, payload: Payload<D>): void {
    this.#state = apply(this.#state, { type, position: 0, payload: payload as Schema.Json })
  }

  /** Others may say something to it while it runs. */
  get hears(): boolean {
    return this.options.signals !== silent
  }

  /** Adds an event of the turn; where it is one of state, the state is another then. */
  emit<D extends Definition>(definition: D, payload: Payload<D>): string {
    const id = this.recording.emit(definition, payload, { causationId: this.recording.origin })
    if (definition.durability === "state") this.#evolve(definition, payload)
    return id
  }

  /** Takes in an event of the turn that was emitted before it ran. */
  takeIn<D extends Definition>(definition: D, payload: Payload<D>): void {
    if (definition.durability === "state") this.#evolve(definition, payload)
  }

  /** The same of what depends on time or on others: a verification takes it from the log, where it is accepted. Undefined: it is not so. */
  decide<D extends Definition, E, R>(
    definition: D,
    live: Effect.Effect<Payload<D> | undefined, E, R>,
    accepts?: (payload: Payload<D>) => boolean
  ): Effect.Effect<Payload<D> | undefined, E, R> {
    const place = Decision.ofRequest(this.recording)
    return Effect.map(Decision.make(place, definition, live, accepts), (decided) => {
      if (decided === undefined) return undefined
      if (definition.durability === "state") this.#evolve(definition, decided.payload)
      return decided.payload
    })
  }

  /** What hooks say; undefined: nobody wants to be asked, or nobody waits for it any more. */
  ask(emission: Emission): Effect.Effect<HookDecision | undefined> {
    const { hooks } = this.options
    return hooks.wants(emission.type) ? this.unlessGivenUp(hooks.emit(emission)) : Effect.succeed(undefined)
  }

  /** What it comes to; undefined where it was given up: somebody cancels at once, or its time is over. */
  unlessGivenUp<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A | undefined, E, R> {
    return !this.hears ? effect : Effect.map(
      Effect.raceFirst(Effect.map(effect, Option.some), Effect.as(this.options.signals.givenUp, Option.none<A>())),
      Option.getOrUndefined
    )
  }
}
