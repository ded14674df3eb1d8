import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as FileForm from "../../../src/apis/files/FileForm.ts"
import { UploadFields } from "../../../src/apis/files/FilesModels.ts"
import * as FilesWorld from "../../support/FilesWorld.ts"
import { Http } from "../../support/Http.ts"

describe("the names of files", () => {
  it("are the last part of a path, and never one that leads elsewhere", () => {
    const names = ["../../etc/passwd", "C:\\a\\b.txt", "a\r\nb.txt", "..", ".", " .. ", "/", ""]
    assert.deepStrictEqual(names.map(FileForm.nameOf), ["passwd", "b.txt", "ab.txt", "", "", "", "", ""])
    assert.strictEqual(FileForm.nameOf("..."), "")
    assert.strictEqual(FileForm.nameOf(".env"), ".env")
    assert.strictEqual(FileForm.nameOf("x".repeat(600)).length, 512)
  })
})

describe("the fields of a form", () => {
  const decode = FileForm.decode(UploadFields)

  it.effect("are read by their names", () =>
    Effect.gen(function*() {
      const given = { purpose: "assistants", "expires_after[anchor]": "created_at", "expires_after[seconds]": "3600" }
      assert.deepStrictEqual(yield* decode(given), {
        purpose: "assistants",
        expires_after: { anchor: "created_at", seconds: 3600 }
      })
    }))

  it.live("with names of JavaScript's own change nothing but the form", () =>
    Effect.gen(function*() {
      const { strata } = yield* FilesWorld.make()
      const form = new FormData()
      form.append("purpose", "assistants")
      for (const name of ["__proto__", "constructor", "toString"]) {
        form.append(name, "x")
        form.append(`${name}[polluted]`, "x")
        form.append(`${name}[name]`, "x")
      }
      form.append("file", new File(["x"], "a.txt"))
      const status = yield* Effect.promise(() =>
        fetch(`${strata.url}/v1/files`, { method: "POST", body: form }).then((answer) => answer.status)
      )
      assert.isUndefined(Reflect.get({}, "polluted"))
      assert.isUndefined(Reflect.get(Object, "polluted"))
      assert.strictEqual(Object.name, "Object")
      assert.strictEqual(status, 200)
      assert.strictEqual((yield* Http.send(strata.url, "/v1/files")).status, 200)
    }).pipe(Effect.scoped))
})
