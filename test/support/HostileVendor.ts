/** What a vendor may answer, well-formed or not. */
import { Schema } from "effect"
import { textOf, Value } from "./HostileRequests.ts"
import type { ScriptedAnswer } from "./ScriptedAnswer.ts"

const few = <S extends Schema.Top>(item: S) => Schema.Array(item).check(Schema.isMaxLength(4))

/** Fields that an answer, a frame or an error may have. */
const names = [
  "id",
  "object",
  "created",
  "model",
  "choices",
  "usage",
  "error",
  "message",
  "code",
  "__proto__",
  "x_groq"
]

const Field = Schema.Struct({ name: Schema.Literals(names), value: Value })

const usual = [
  ["id", `"c1"`],
  ["object", `"chat.completion"`],
  ["created", "1"],
  ["model", `"m"`],
  ["choices", `[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]`],
  ["usage", `{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}`]
]

const Json = Schema.Struct({ usual: Schema.Boolean, fields: few(Field) })

const jsonOf = ({ fields, usual: isUsual }: typeof Json.Type): string =>
  `{${
    [...isUsual ? usual : [], ...fields.map(({ name, value }) => [name, textOf(value)])]
      .map(([name = "", text]) => `${JSON.stringify(name)}:${text}`).join(",")
  }}`

const statuses = [200, 200, 200, 201, 204, 302, 400, 401, 404, 418, 429, 500, 503]

export const Answer = Schema.Union([
  Schema.Struct({ _tag: Schema.tag("Json"), status: Schema.Literals(statuses), json: Json }),
  Schema.Struct({ _tag: Schema.tag("Value"), status: Schema.Literals(statuses), value: Value }),
  Schema.Struct({
    _tag: Schema.tag("Text"),
    status: Schema.Literals(statuses),
    text: Schema.Literals(["", "not JSON", "<html>", "\u0000", "{", "\ufeff{}"]),
    type: Schema.Literals(["text/html", "application/json", "text/event-stream", ""])
  }),
  Schema.Struct({
    _tag: Schema.tag("Frames"),
    frames: few(Json),
    more: few(
      Schema.Literals([": comment\n\n", "data: {\n\n", "id: 1\ndata: {}\r\n\r\n", "event: error\ndata: []\n\n", "\n"])
    ),
    ending: Schema.Literals(["done", "ends", "breaks"])
  })
])
export type Answer = typeof Answer.Type

/** As a fake upstream writes it. */
export const toScripted = (answer: Answer): ScriptedAnswer => {
  switch (answer._tag) {
    case "Json":
      return fixed(answer.status, "application/json", jsonOf(answer.json))
    case "Value":
      return fixed(answer.status, "application/json", textOf(answer.value))
    case "Text":
      return fixed(answer.status, answer.type, answer.text)
    case "Frames": {
      const texts = [...answer.frames.map((frame) => `data: ${jsonOf(frame)}\n\n`), ...answer.more]
      const frames = (answer.ending === "done" ? [...texts, "data: [DONE]\n\n"] : texts).map((text) => ({ text }))
      return { _tag: "Frames", frames, ...answer.ending === "breaks" ? { destroyAfter: frames.length } : {} }
    }
  }
}

const fixed = (status: number, type: string, body: string): ScriptedAnswer => ({
  _tag: "Fixed",
  status,
  headers: type === "" ? {} : { "content-type": type },
  body
})
