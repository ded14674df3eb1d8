/** The server that the tests of a file ask: what a real one answered, or a real one where the environment names it. */
import { afterAll, beforeAll } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"

interface Recorded {
  readonly port: number
}

/** Begun before the first test, ended behind the last; its port is known within tests. */
export const recordedServer = (make: Effect.Effect<Recorded, never, Scope.Scope>): Recorded => {
  const scope = Scope.makeUnsafe()
  let port = 0
  beforeAll(() => Effect.runPromise(Effect.map(Scope.provide(make, scope), (server) => void (port = server.port))))
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return {
    get port() {
      return port
    }
  }
}
