/** Items of calls that the client does not answer: searches, code, a computer, a shell, patches. */
import { Schema } from "effect"
import {
  among,
  dictionary,
  either,
  given,
  givenOrNull,
  is,
  list,
  maybe,
  maybeNull,
  object,
  variants
} from "../../DescribedFields.ts"
import { containerReference, localEnvironment } from "./Containers.ts"
import { createdBy, id, status } from "./MessageItems.ts"
import { screenshot } from "./Parts.ts"
import { callId } from "./ToolItems.ts"

const fileResult = object("ResponseFileSearchResult", "A passage that a search of files gave.", () => ({
  file_id: maybe(Schema.String, "The file it stands in.", "file-6f0a1c"),
  filename: maybe(Schema.String, "The file's name.", "report.pdf"),
  text: maybe(Schema.String, "The passage.", "Oslo has 700000 people."),
  score: maybe(Schema.Finite, "How well it fits, 0 to 1.", 0.87),
  attributes: maybeNull(
    dictionary(either(Schema.String, Schema.Finite, Schema.Boolean)),
    "What was noted of the file: up to 16 pairs.",
    { year: 2026 }
  )
}))

export const fileSearchCall = object("ResponseFileSearchCall", "The model searches files.", () => ({
  type: is("file_search_call"),
  id: id("fs_6f0a1c"),
  status: status("searching", "failed"),
  queries: given(list(Schema.String), "What it searched for.", ["people of Oslo"]),
  results: maybeNull(list(fileResult()), "The passages, where `include` names `file_search_call.results`.")
}))

const webSource = object("ResponseWebSource", "A page that a search gave.", () => ({
  type: is("url"),
  url: given(Schema.String, "The page.", "https://example.org/weather")
}))

const webAction = variants("ResponseWebSearchAction", "What the model did on the web.", () => [
  object("ResponseWebSearch", "It searched.", () => ({
    type: is("search"),
    query: maybe(Schema.String, "What for.", "weather in Oslo"),
    queries: maybe(list(Schema.String), "What for, where it searched for several things.", ["weather in Oslo"]),
    sources: maybe(list(webSource()), "The pages, where `include` names `web_search_call.action.sources`.")
  }))(),
  object("ResponseWebOpenPage", "It opened a page.", () => ({
    type: is("open_page"),
    url: maybeNull(Schema.String, "The page.", "https://example.org/weather")
  }))(),
  object("ResponseWebFindInPage", "It searched a page.", () => ({
    type: is("find_in_page", "find"),
    url: given(Schema.String, "The page.", "https://example.org/weather"),
    pattern: given(Schema.String, "The text it looked for.", "Oslo")
  }))()
])

export const webSearchCall = object("ResponseWebSearchCall", "The model searches the web.", () => ({
  type: is("web_search_call"),
  id: id("ws_6f0a1c"),
  status: status("searching", "failed"),
  action: maybe(webAction(), "What it did.")
}))

const codeOutput = variants("ResponseCodeOutput", "What code has put out.", () => [
  object("ResponseCodeLogs", "Its text.", () => ({
    type: is("logs"),
    logs: given(Schema.String, "The text.", "42\n")
  }))(),
  object("ResponseCodeImage", "An image of it.", () => ({
    type: is("image"),
    url: given(Schema.String, "Where the image is.", "https://example.org/plot.png")
  }))()
])

export const codeInterpreterCall = object("ResponseCodeInterpreterCall", "The model runs code.", () => ({
  type: is("code_interpreter_call"),
  id: id("ci_6f0a1c"),
  status: status("interpreting", "failed"),
  container_id: given(Schema.String, "The container it runs in.", "cntr_6f0a1c"),
  code: givenOrNull(Schema.String, "The code.", "print(6 * 7)"),
  outputs: maybeNull(list(codeOutput()), "What it put out, where `include` names `code_interpreter_call.outputs`.")
}))

const localAction = object("ResponseLocalShellAction", "A command.", () => ({
  type: is("exec"),
  command: given(list(Schema.String), "The command and its arguments.", ["ls", "-l"]),
  env: given(dictionary(Schema.String), "Its environment.", { LANG: "C" }),
  timeout_ms: maybeNull(Schema.Int, "Milliseconds that it may take.", 10000),
  user: maybeNull(Schema.String, "Who it runs as.", "nobody"),
  working_directory: maybeNull(Schema.String, "Where it runs.", "/tmp")
}))

export const localShellCall = object("ResponseLocalShellCall", "The client is to run a command.", () => ({
  type: is("local_shell_call"),
  id: id("lsh_6f0a1c"),
  call_id: callId(),
  action: given(localAction(), "The command."),
  status: status()
}))

export const localShellCallOutput = object("ResponseLocalShellCallOutput", "What the command gave.", () => ({
  type: is("local_shell_call_output"),
  id: id("lsh_6f0a1c"),
  output: given(Schema.String, "What it gave, JSON.", "{\"stdout\":\"notes.txt\"}"),
  status: status()
}))

const longest = () => maybeNull(Schema.Int, "Most characters of the output.", 4096)

const shellAction = object("ResponseShellAction", "Commands.", () => ({
  commands: given(list(Schema.String), "The commands, one after the other.", ["ls -l"]),
  timeout_ms: maybeNull(Schema.Int, "Milliseconds that they may take.", 10000),
  max_output_length: longest()
}))

export const shellCall = object("ResponseShellCall", "The model runs commands.", () => ({
  type: is("shell_call"),
  id: id("sh_6f0a1c"),
  call_id: callId(),
  action: given(shellAction(), "The commands."),
  environment: maybeNull(either(localEnvironment(), containerReference()), "Where they run."),
  status: status(),
  created_by: createdBy()
}))

const shellOutcome = variants("ResponseShellOutcome", "How a command ended.", () => [
  object("ResponseShellTimeout", "It took too long.", () => ({ type: is("timeout") }))(),
  object("ResponseShellExit", "It ended.", () => ({
    type: is("exit"),
    exit_code: given(Schema.Int, "Its exit code; 0: it succeeded.", 0)
  }))()
])

const shellOutput = object("ResponseShellOutput", "What one command gave.", () => ({
  stdout: given(Schema.String, "What it wrote.", "notes.txt\n"),
  stderr: given(Schema.String, "What it wrote of errors.", ""),
  outcome: given(shellOutcome(), "How it ended."),
  created_by: createdBy()
}))

export const shellCallOutput = object("ResponseShellCallOutput", "What the commands gave.", () => ({
  type: is("shell_call_output"),
  id: id("sho_6f0a1c"),
  call_id: callId(),
  output: given(list(shellOutput()), "Of each command, in order."),
  max_output_length: longest(),
  status: status(),
  created_by: createdBy()
}))

const path = () => given(Schema.String, "The file, from the root of the work.", "src/main.ts")
const diff = () => given(Schema.String, "The change, as a diff.", "+hello\n")

const patch = variants("ResponsePatch", "A change of one file.", () => [
  object("ResponsePatchCreate", "A new file.", () => ({ type: is("create_file"), path: path(), diff: diff() }))(),
  object("ResponsePatchUpdate", "A changed file.", () => ({ type: is("update_file"), path: path(), diff: diff() }))(),
  object("ResponsePatchDelete", "A file that goes.", () => ({ type: is("delete_file"), path: path() }))()
])

export const applyPatchCall = object("ResponseApplyPatchCall", "The client is to change a file.", () => ({
  type: is("apply_patch_call"),
  id: id("apc_6f0a1c"),
  call_id: callId(),
  operation: given(patch(), "The change."),
  status: status(),
  created_by: createdBy()
}))

export const applyPatchCallOutput = object("ResponseApplyPatchCallOutput", "What became of the change.", () => ({
  type: is("apply_patch_call_output"),
  id: id("apco_6f0a1c"),
  call_id: callId(),
  output: maybeNull(Schema.String, "What is to be said of it.", "done"),
  status: maybeNull(among("completed", "failed"), "Whether it was made.", "completed"),
  created_by: createdBy()
}))

const keys = () => maybeNull(list(Schema.String), "Keys that are held meanwhile.", ["SHIFT"])
const x = () => given(Schema.Int, "Pixels from the left.", 100)
const y = () => given(Schema.Int, "Pixels from the top.", 200)
const point = object("ResponsePoint", "A place on the screen.", () => ({ x: x(), y: y() }))

export const computerAction = variants("ResponseComputerAction", "What is to be done at the computer.", () => [
  object("ResponseClick", "Click.", () => ({
    type: is("click"),
    button: given(among("left", "right", "wheel", "back", "forward"), "The mouse's button.", "left"),
    x: x(),
    y: y(),
    keys: keys()
  }))(),
  object("ResponseDoubleClick", "Click twice.", () => ({ type: is("double_click"), x: x(), y: y(), keys: keys() }))(),
  object("ResponseDrag", "Drag.", () => ({
    type: is("drag"),
    path: given(list(point()), "The way, from the first place to the last."),
    keys: keys()
  }))(),
  object("ResponseKeypress", "Press keys.", () => ({
    type: is("keypress"),
    keys: given(list(Schema.String), "The keys, together.", ["CTRL", "C"])
  }))(),
  object("ResponseMove", "Move the mouse.", () => ({ type: is("move"), x: x(), y: y(), keys: keys() }))(),
  object("ResponseTakeScreenshot", "Say what is on the screen.", () => ({ type: is("screenshot") }))(),
  object("ResponseScroll", "Scroll.", () => ({
    type: is("scroll"),
    x: x(),
    y: y(),
    scroll_x: given(Schema.Int, "Pixels to the right.", 0),
    scroll_y: given(Schema.Int, "Pixels down.", 300),
    keys: keys()
  }))(),
  object("ResponseTypeText", "Type.", () => ({
    type: is("type"),
    text: given(Schema.String, "The text.", "Oslo")
  }))(),
  object("ResponseWait", "Wait.", () => ({ type: is("wait") }))()
])

const safetyCheck = object("ResponseSafetyCheck", "What somebody should look at before the action.", () => ({
  id: given(Schema.String, "Its id.", "cu_sc_6f0a1c"),
  code: maybeNull(Schema.String, "What kind it is.", "malicious_instructions"),
  message: maybeNull(Schema.String, "What it says.", "The page asks for something else.")
}))

export const computerCall = object("ResponseComputerCall", "The client is to use a computer.", () => ({
  type: is("computer_call"),
  id: id("cu_6f0a1c"),
  call_id: callId(),
  action: maybe(computerAction(), "What is to be done."),
  actions: maybe(list(computerAction()), "What is to be done, where it is more than one thing."),
  pending_safety_checks: given(list(safetyCheck()), "To be acknowledged by the output."),
  status: status()
}))

export const computerCallOutput = object("ResponseComputerCallOutput", "The screen afterwards.", () => ({
  type: is("computer_call_output"),
  id: id("cuo_6f0a1c"),
  call_id: callId(),
  output: given(screenshot(), "What is on the screen."),
  acknowledged_safety_checks: maybeNull(list(safetyCheck()), "Those that somebody has looked at."),
  status: status("failed"),
  created_by: createdBy()
}))
