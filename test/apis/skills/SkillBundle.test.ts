import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as SkillBundle from "../../../src/apis/skills/SkillBundle.ts"
import type { ZipEntry } from "../../../src/apis/skills/ZipReader.ts"

const entry = (path: string, content: string | Uint8Array): ZipEntry => ({ path, bytes: Buffer.from(content) })
const manual =
  "\uFEFF---\r\nname: weather\r\ndescription: >\r\n  Says how\r\n  the weather is.\r\nlicense: MIT\r\n---\r\n# How\r\n"

describe("SkillBundle", () => {
  it.effect("given files in one folder, then SKILL.md says what it is, and files are kept as they are", () =>
    Effect.gen(function*() {
      const picture = Uint8Array.from([0xff, 0x00])
      const bundle = yield* SkillBundle.of([entry("w/a.png", picture), entry("w/SKILL.md", manual)])
      assert.deepStrictEqual(bundle, {
        name: "weather",
        description: "Says how the weather is.",
        instructions: "# How",
        files: [
          { path: "w/a.png", encoding: "base64", content: "/wA=" },
          { path: "w/SKILL.md", encoding: "utf-8", content: manual }
        ]
      })
      assert.deepStrictEqual(bundle.files.map(SkillBundle.toEntry).map(({ bytes }) => Buffer.from(bytes)), [
        Buffer.from(picture),
        Buffer.from(manual)
      ])
    }))

  it.effect("given no files, two folders, or front matter that grows without end, then it is refused", () =>
    Effect.gen(function*() {
      const aliases = `---\na: &a [x, x]\nb: &b [*a, *a]\nname: [*b, *b]\ndescription: d\n---\n`
      const cases: ReadonlyArray<readonly [ReadonlyArray<ZipEntry>, string]> = [
        [[], "files[]"],
        [[entry("a/SKILL.md", manual), entry("b/x", "x")], "no SKILL.md"],
        [[entry("SKILL.md", aliases)], "front matter"],
        [[entry("SKILL.md", Uint8Array.from([0xff, 0xfe]))], "UTF-8"],
        [[entry("SKILL.md", manual), entry("a/./b", "x")], "leads out"],
        [[entry("SKILL.md", manual), entry("c:x", "x")], "no path within"],
        [[entry("SKILL.md", manual), entry("a\u0000b", "x")], "control character"],
        [[entry("SKILL.md", manual), entry("a", "x"), entry("A/b", "x")], "a folder of the same path"],
        [[entry("SKILL.md", manual), entry("caf\uFFFD.txt", "x")], "UTF-8"],
        [[entry("SKILL.md", `---\nname: a\ndescription: d\n${"k: 1\n".repeat(100_000)}---\n`)], "16384 characters"],
        [[entry("SKILL.md", `---\nname: ${"[".repeat(16_000)}\n---\n`)], "front matter"],
        [[entry("SKILL.md", `---\nname: a\n__proto__: { description: d }\n---\n`)], "description"],
        [Array.from({ length: 501 }, (_, at) => entry(`f${at}`, "x")), "501 files"]
      ]
      for (const [entries, words] of cases) {
        const error = yield* Effect.flip(SkillBundle.of(entries))
        assert.include(error.message, words)
        assert.strictEqual(error.field, "files")
      }
    }))
})
