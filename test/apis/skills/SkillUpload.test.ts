import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as SkillUpload from "../../../src/apis/skills/SkillUpload.ts"

const part = (name: string, content: string, filename?: string) =>
  `--formOfTest\r\nContent-Disposition: form-data; name="${name}"${
    filename === undefined ? "" : `; filename="${filename}"`
  }\r\n\r\n${content}\r\n`
const read = (type: string, ...parts: ReadonlyArray<string>) =>
  SkillUpload.read(Buffer.from(`${parts.join("")}--formOfTest--\r\n`), type)
const form = "multipart/form-data; boundary=formOfTest"
const file = part("files[]", "x", "w/SKILL.md")

describe("SkillUpload", () => {
  it.effect("given a form, then its files have the paths that they were sent with", () =>
    Effect.gen(function*() {
      for (const type of [form, "multipart/form-data; charset=utf-8; boundary=\"formOfTest\""]) {
        const { files, isDefault } = yield* read(type, file, part("default", "true"))
        assert.deepStrictEqual(files.map(({ bytes, path }) => [path, String(Buffer.from(bytes))]), [[
          "w/SKILL.md",
          "x"
        ]])
        assert.strictEqual(isDefault, true)
      }
    }))

  it.effect("given what is no such form, then the field that is wrong is named", () =>
    Effect.gen(function*() {
      const cases: ReadonlyArray<readonly [type: string, parts: ReadonlyArray<string>, field: string, words: string]> =
        [
          ["application/json", [file], "files", "no form"],
          ["multipart/form-data", [file], "files", "no form"],
          [form, [part("files[]", "x")], "files[]", "filename"],
          [form, [part("default", "maybe")], "default", "true or false"],
          [form, Array.from({ length: 20_000 }, (_, at) => part("files[]", "", `f${at}`)), "files", "510 parts"],
          [form, Array.from({ length: 20_000 }, () => part("other", "")), "files", "510 parts"]
        ]
      for (const [type, parts, field, words] of cases) {
        const error = yield* Effect.flip(read(type, ...parts))
        assert.strictEqual(error.field, field)
        assert.include(error.message, words)
      }
    }))
})
