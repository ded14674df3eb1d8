/** A library is absent, breaks or never answers: it is said in one line, with what to do. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as LibraryCall from "../../../src/kernel/authentication/LibraryCall.ts"

const messageOf = <A>(effect: Effect.Effect<A, { readonly message: string }>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)

describe("LibraryCall", () => {
  it.effect("names an absent package and how to install it", () =>
    Effect.gen(function*() {
      const name = "strata-test-absent"
      const message = yield* messageOf(LibraryCall.load(name, () => import(String(name))))
      const absent = Object.assign(new Error("Cannot find package '@azure/identity'"), { code: "ERR_MODULE_NOT_FOUND" })
      assert.include(message, name)
      assert.strictEqual(
        yield* messageOf(LibraryCall.load("@azure/identity", () => Promise.reject(absent))),
        "it needs the package @azure/identity, which is not installed: run npm install @azure/identity"
      )
    }))

  it.effect("tells a package that breaks from one that is not there", () =>
    Effect.gen(function*() {
      const message = yield* messageOf(LibraryCall.load("p", () => Promise.reject(new Error("syntax"))))
      assert.strictEqual(message, "the package p can't be loaded: syntax")
    }))

  it.effect("says what failed, why, and what to do", () =>
    Effect.gen(function*() {
      const asked = LibraryCall.ask(() => Promise.reject(new Error("no\n profile")), "no credentials", "Set a key")
      assert.strictEqual(yield* messageOf(asked), "no credentials: no profile. Set a key")
      assert.strictEqual(yield* LibraryCall.ask(() => Promise.resolve(1), "", ""), 1)
    }))

  it.effect("waits in bounded time", () =>
    Effect.gen(function*() {
      const asked = LibraryCall.ask(() => Effect.runPromise(Effect.never), "no credentials", "Set a key")
      const fiber = yield* Effect.forkChild(messageOf(asked))
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), "no credentials within 30s. Set a key")
    }))
})
