/** A chat: line after line, until nobody types any more. */
import { Effect, Fiber, Queue } from "effect"
import type { CreateTurn, PendingApproval, Turn, TurnStreamEvent } from "../apis/turns/TurnsModels.ts"
import type { ChatInput, Input } from "./ChatInput.ts"
import { ChatLanes } from "./ChatLanes.ts"
import type { CommandName } from "./ChatLine.ts"
import * as ChatLine from "./ChatLine.ts"
import type { Style } from "./ChatScreen.ts"
import { approvalText, ChatScreen, problemOf } from "./ChatScreen.ts"
import type { ChatRefused } from "./ChatServer.ts"
import { ChatServer } from "./ChatServer.ts"
import type { Answer, RunningTurn } from "./ChatTurn.ts"
import * as ChatTurn from "./ChatTurn.ts"
import * as PlainText from "./PlainText.ts"
import * as UsageReport from "./UsageReport.ts"

/** A model and the session it is asked in. */
export interface Participant {
  model: string | undefined
  session: string
}

export interface Options {
  readonly participants: ReadonlyArray<Participant>
  readonly settings: Pick<CreateTurn, "instructions" | "approval">
  readonly toolGroups: ReadonlyArray<string> | undefined
  readonly style: Style
  readonly print: (text: string) => void
  /** Prints each event as JSON in place of what a person reads. */
  readonly json: ((participant: Participant, event: TurnStreamEvent) => void) | undefined
  /** Undefined: nobody is there, and nothing but the answer is printed. */
  readonly input: ChatInput | undefined
  /** The answer to every approval; undefined: who is there is asked. */
  readonly unasked: Answer | undefined
}

const answers: Readonly<Record<string, "once" | "always" | "no">> = {
  y: "once",
  yes: "once",
  a: "always",
  always: "always",
  n: "no",
  no: "no"
}

export class ChatLoop {
  readonly #options: Options
  readonly #server: ChatServer["Service"]
  /** Tools that are granted for the rest of the chat. */
  readonly #always = new Set<string>()
  #toolGroups: ReadonlyArray<string> | undefined
  /** What was typed while something else was waited for. */
  readonly #typed: Array<Input> = []
  /** Waits for the line that answers an approval. */
  #awaiting: ((input: Input) => void) | undefined

  constructor(options: Options, server: ChatServer["Service"]) {
    this.#options = options
    this.#server = server
    this.#toolGroups = options.toolGroups
  }

  #say(text: string): void {
    this.#options.print(`${text}\n`)
  }

  #requestOf({ model }: Participant, text: string | undefined): CreateTurn {
    const { settings } = this.#options
    return {
      ...model === undefined ? {} : { model },
      ...text === undefined ? {} : { input: text },
      ...settings,
      ...this.#toolGroups === undefined ? {} : { tool_groups: this.#toolGroups }
    }
  }

  #approve(approval: PendingApproval): Effect.Effect<Answer> {
    if (this.#always.has(approval.tool_name)) return Effect.succeed({ decision: "grant" })
    const { print, unasked } = this.#options
    if (unasked !== undefined) return Effect.succeed(unasked)
    return Effect.callback<Answer>((resume) => {
      const ask = () => {
        print(approvalText(approval))
        this.#awaiting = answer
      }
      const answer = (given: Input) => {
        this.#awaiting = undefined
        if (given._tag !== "Line") return resume(Effect.succeed({ decision: "deny", reason: "The user left." }))
        const chosen = Object.hasOwn(answers, given.text.trim().toLowerCase())
          ? answers[given.text.trim().toLowerCase()]
          : undefined
        if (chosen === undefined) return ask()
        if (chosen === "always") this.#always.add(approval.tool_name)
        resume(Effect.succeed({ decision: chosen === "no" ? "deny" : "grant" }))
      }
      ask()
    })
  }

  /** Asks each model in its session; gives how each ended. */
  ask(text: string | undefined): Effect.Effect<ReadonlyArray<Turn | undefined>, ChatRefused> {
    const { json, participants, print, style } = this.#options
    const lanes = new ChatLanes(participants.length, print)
    const onlyText = this.#options.input === undefined
    const turns = Effect.forEach(participants, (participant, lane) => {
      const screen = new ChatScreen(style, onlyText)
      const write = (text: string) => {
        if (json === undefined && text !== "") lanes.write(lane, text)
      }
      if (participants.length > 1) write(`${style.bold(`${PlainText.inOneLine(participant.model ?? "")}:`)}\n`)
      return Effect.map(
        ChatTurn.make({
          session: participant.session,
          request: this.#requestOf(participant, text),
          show: (event) => json === undefined ? write(screen.show(event)) : json(participant, event),
          approve: (approval) => Effect.andThen(Effect.sync(() => write(screen.end())), this.#approve(approval))
        }),
        ({ cancel, run }): RunningTurn => ({
          cancel,
          run: Effect.ensuring(
            Effect.tap(run, () => Effect.sync(() => write(screen.end()))),
            Effect.sync(() => lanes.close(lane))
          )
        })
      )
    }).pipe(Effect.provideService(ChatServer, this.#server))
    return Effect.flatMap(turns, (turns) => this.#watched(turns))
  }

  #watched(turns: ReadonlyArray<RunningTurn>): Effect.Effect<ReadonlyArray<Turn | undefined>, ChatRefused> {
    const all = Effect.forEach(turns, ({ run }) => run, { concurrency: "unbounded" })
    const { input } = this.#options
    if (input === undefined) return all
    let isCancelled = false
    const notice = Effect.sync(() => {
      if (!isCancelled && this.#options.json === undefined) {
        this.#say(
          this.#options.style.dim("\nWhat runs is finished, and the turn ends. Ctrl-C or /cancel again: at once.")
        )
      }
      isCancelled = true
    })
    const cancel = Effect.andThen(
      notice,
      Effect.forEach(turns, (turn) => Effect.forkDetach(Effect.ignore(turn.cancel)), { discard: true })
    )
    const isCancel = (given: Input) =>
      given._tag === "Interrupt" || (given._tag === "Line" && given.text.trim() === "/cancel")
    const watch = Effect.forever(Effect.flatMap(Queue.take(input.inputs), (given) => {
      if (isCancel(given)) return cancel
      return Effect.sync(() => {
        const awaiting = this.#awaiting
        if (awaiting === undefined) this.#typed.push(given)
        else awaiting(given)
      })
    }))
    return Effect.gen(function*() {
      const watching = yield* Effect.forkChild(watch)
      return yield* Effect.ensuring(all, Fiber.interrupt(watching))
    })
  }

  #command(name: CommandName, argument: string): Effect.Effect<boolean, ChatRefused> {
    const { participants } = this.#options
    const first = participants[0]!
    switch (name) {
      case "quit":
        return Effect.succeed(false)
      case "help":
        return this.#lines(ChatLine.help)
      case "session":
        return this.#lines(
          participants.map(({ model, session }) => model === undefined ? session : `${session}  ${model}`)
        )
      case "cancel":
        return this.#lines(["No turn runs."])
      case "continue":
        return Effect.as(this.#asked(undefined), true)
      case "model":
        if (argument === "") return this.#lines(participants.map(({ model }) => model ?? "as in the turn before"))
        if (participants.length > 1) return this.#lines(["Several models are asked here: begin a chat with --model."])
        first.model = argument
        return this.#lines([`The next question goes to ${PlainText.inOneLine(argument)}.`])
      case "fork":
        return this.#fork(argument)
      case "cost":
        return this.#cost()
      case "tools":
        return this.#tools(argument)
    }
  }

  #lines(lines: ReadonlyArray<string>): Effect.Effect<boolean> {
    return Effect.sync(() => {
      for (const line of lines) this.#say(line)
      return true
    })
  }

  #fork(argument: string): Effect.Effect<boolean, ChatRefused> {
    const position = argument === "" ? undefined : Number(argument)
    if (position !== undefined && !(Number.isSafeInteger(position) && position > 0)) {
      return this.#lines([`/fork takes a position of the log, a number from 1, not ${PlainText.inOneLine(argument)}.`])
    }
    return Effect.flatMap(
      Effect.forEach(
        this.#options.participants,
        (participant) =>
          Effect.map(this.#server.fork(participant.session, position), ({ session, turn }) => {
            participant.session = session.id
            return `Session ${session.id}: a copy with ${turn === 1 ? "1 turn" : `${turn} turns`}. It goes on here.`
          })
      ),
      (lines) => this.#lines(lines)
    )
  }

  #cost(): Effect.Effect<boolean, ChatRefused> {
    return Effect.flatMap(
      Effect.forEach(
        this.#options.participants,
        ({ session }) =>
          Effect.map(this.#server.usage(session), ({ data, total }) => UsageReport.lines(["model"], data, total))
      ),
      (reports) => this.#lines(reports.flat().map((line) => PlainText.of(line)))
    )
  }

  #tools(argument: string): Effect.Effect<boolean, ChatRefused> {
    if (argument === "") {
      return Effect.flatMap(this.#server.tools, (tools) => {
        const used = new Set(this.#toolGroups)
        const lines = tools.map(({ description, name, toolgroup_id }) =>
          `${used.has(toolgroup_id) ? "*" : " "} ${toolgroup_id}  ${name}  ${
            PlainText.inOneLine(description ?? "", 80)
          }`
        )
        return this.#lines(lines.length === 0 ? ["The server has no tools."] : lines.map((line) => PlainText.of(line)))
      })
    }
    const chosen = argument === "none"
      ? Effect.succeed([])
      : argument === "all"
      ? this.#server.toolGroups
      : Effect.succeed(argument.split(/[\s,]+/).filter((group) => group !== ""))
    return Effect.flatMap(chosen, (groups) => {
      this.#toolGroups = groups
      return this.#lines([
        groups.length === 0
          ? "No tools from here on."
          : `Tools of ${PlainText.inOneLine(groups.join(", "))} from here on.`
      ])
    })
  }

  /** What went wrong is said, and the chat goes on. */
  #asked(text: string | undefined): Effect.Effect<void> {
    return Effect.match(this.ask(text), {
      onFailure: ({ message }) => this.#say(this.#options.style.red(PlainText.of(message))),
      onSuccess: (turns) => {
        for (const turn of turns) {
          const problem = turn === undefined ? "The server ended the turn without a word." : problemOf(turn)
          if (problem !== undefined && this.#options.json === undefined) this.#say(this.#options.style.red(problem))
        }
      }
    })
  }

  #line(text: string): Effect.Effect<boolean> {
    const line = ChatLine.parse(text)
    switch (line._tag) {
      case "Nothing":
        return Effect.succeed(true)
      case "Wrong":
        return this.#lines([PlainText.of(line.message)])
      case "Ask":
        return Effect.as(this.#asked(line.text), true)
      case "Command":
        return Effect.catch(
          this.#command(line.name, line.argument),
          ({ message }) => this.#lines([PlainText.of(message)])
        )
    }
  }

  #next({ inputs, prompt }: ChatInput): Effect.Effect<Input> {
    const typed = this.#typed.shift()
    if (typed !== undefined) return Effect.succeed(typed)
    prompt("> ")
    return Queue.take(inputs)
  }

  /** Until the end of what is typed, or two interrupts where nothing runs. */
  run(input: ChatInput): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      let isLeaving = false
      while (true) {
        const given = yield* this.#next(input)
        if (given._tag === "End") return
        if (given._tag === "Interrupt") {
          if (isLeaving) return
          isLeaving = true
          this.#say("Ctrl-C once more, or /quit, ends the chat.")
          continue
        }
        isLeaving = false
        if (!(yield* this.#line(given.text))) return
      }
    })
  }
}
