/** What a line of a chat asks for: a question to the model, or a command that begins with a slash. */
import { suggest } from "../kernel/issues/NearestKey.ts"

export type ChatLine =
  | { readonly _tag: "Ask"; readonly text: string }
  | { readonly _tag: "Command"; readonly name: CommandName; readonly argument: string }
  | { readonly _tag: "Wrong"; readonly message: string }
  | { readonly _tag: "Nothing" }

const commands = {
  cancel: "ends the turn that runs, with what it has; again: at once (as Ctrl-C)",
  continue: "goes on where the conversation stands, without a question",
  cost: "what this session has used and cost",
  fork: "/fork [position]: goes on in a copy of the session, from that position of the log or from here",
  help: "this",
  model: "/model NAME: asks another model from here on",
  quit: "ends the chat (as Ctrl-D); strata chat --session goes on with it",
  session: "the session's id",
  tools: "the server's tools; /tools GROUP, GROUP uses these, /tools all, /tools none"
} as const

export type CommandName = keyof typeof commands

const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name)

export const help: ReadonlyArray<string> = [
  ...Object.entries(commands).map(([name, does]) => `/${name.padEnd(9)} ${does}`),
  "A line that is to begin with a slash begins with two."
]

export const parse = (line: string): ChatLine => {
  const text = line.trim()
  if (text === "") return { _tag: "Nothing" }
  if (!text.startsWith("/")) return { _tag: "Ask", text }
  if (text.startsWith("//")) return { _tag: "Ask", text: text.slice(1) }
  const [, name = "", argument = ""] = /^\/(\S*)\s*(.*)$/s.exec(text) ?? []
  return isCommand(name)
    ? { _tag: "Command", name, argument }
    : {
      _tag: "Wrong",
      message: `There is no /${name}. ${suggest(name, Object.keys(commands))}. /help says what they do.`
    }
}
