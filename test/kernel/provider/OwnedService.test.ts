/** A service whose members run for an instance, whoever asks. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Stream } from "effect"
import type { Contract } from "../../../src/kernel/provider/Compliance.ts"
import * as Compliance from "../../../src/kernel/provider/Compliance.ts"
import * as OwnedService from "../../../src/kernel/provider/OwnedService.ts"
import * as ProviderContext from "../../../src/kernel/provider/ProviderContext.ts"

type Who = string | undefined

interface Speaker {
  readonly name: string
  speak(text: string): Effect.Effect<{ readonly rest: Stream.Stream<Who>; readonly end: () => Who; readonly who: Who }>
  now(): Who
  words(): Stream.Stream<Who>
  readonly health: Effect.Effect<Who>
  readonly studio: { readonly city: string; open(): Effect.Effect<Who> }
  rest?(): Effect.Effect<Who>
}

const contract: Contract<Speaker> = {
  name: "string",
  speak: Compliance.effectful(),
  now: "function",
  words: "function",
  health: "effect",
  studio: { city: "string", open: Compliance.effectful() },
  rest: Compliance.optional(Compliance.effectful())
}

const verification = {}
const who = (): Who => ProviderContext.current()?.provider
const asked = Effect.sync(who)

class Studio {
  #city = "Oslo"
  get city() {
    return this.#city
  }
  open() {
    return Effect.as(asked, `${who()} in ${this.#city}`)
  }
}

class Ann {
  #name = "ann"
  readonly studio = new Studio()
  readonly health = asked
  get name() {
    return this.#name
  }
  speak(text: string) {
    return Effect.succeed({ rest: Stream.fromEffect(asked), end: who, who: `${who()} ${this.#name}: ${text}` })
  }
  now() {
    return who()
  }
  words() {
    return Stream.fromEffect(Effect.andThen(Effect.sleep(1), asked))
  }
}

const owned = (service: unknown) =>
  OwnedService.make(contract as Compliance.AnyContract, service, { provider: "p", verification }) as Speaker

const followed = <A>(effect: Effect.Effect<A>) => ProviderContext.followed(effect, verification)

describe("OwnedService", () => {
  it.live("runs every member for the instance, private fields and all, and what it gives too", () =>
    followed(Effect.gen(function*() {
      const ann = owned(new Ann())
      assert.deepStrictEqual([ann.name, ann.studio.city, ann.rest], ["ann", "Oslo", undefined])
      const answer = yield* ann.speak("hello")
      assert.deepStrictEqual([answer.who, answer.end(), ann.now()], ["p ann: hello", "p", "p"])
      assert.deepStrictEqual(yield* Stream.runCollect(answer.rest), ["p"])
      assert.deepStrictEqual(yield* Stream.runCollect(ann.words()), ["p"])
      assert.deepStrictEqual([yield* ann.health, yield* ann.studio.open()], ["p", "p in Oslo"])
      assert.isUndefined(who())
    })))

  it.effect("leaves data as it is", () =>
    Effect.gen(function*() {
      const data = { list: [1], exit: Exit.succeed(1), inner: { text: "x" } }
      const service = OwnedService.outside({ get: Effect.succeed(data) })
      assert.strictEqual(yield* service.get, data)
    }))

  it("is the service itself outside of a verification", () => {
    const ann = new Ann()
    assert.strictEqual(OwnedService.make(contract as Compliance.AnyContract, ann, undefined), ann)
  })

  it.live("lets Strata's own services run for nobody, whoever asks", () =>
    followed(Effect.gen(function*() {
      const log = OwnedService.outside({ head: Effect.andThen(Effect.sleep(1), asked), read: () => asked })
      const asking = Effect.gen(function*() {
        return [yield* log.head, yield* log.read(), who()]
      })
      const given = yield* ProviderContext.within(asking, { provider: "p", verification })
      assert.deepStrictEqual(given, [undefined, undefined, "p"])
    })))
})
