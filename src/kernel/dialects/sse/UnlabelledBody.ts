/** Tells server-sent events from a text where no content type does: by how the body begins. */
import { Cause, Channel, Effect, Exit, Scope, Stream } from "effect"
import type { Pull } from "effect"

const beginning = /^(?:\ufeff)?[\r\n]*(?::|(?:data|event|id|retry):)/

/** Enough to tell. */
const fewest = 8

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

/** The whole text; or, where events begin, all of the stream. */
export const read = <E>(
  stream: Stream.Stream<Uint8Array, E>
): Effect.Effect<string | Stream.Stream<Uint8Array, E>, E> =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const reading = Effect.gen(function*() {
      const pull = yield* Channel.toPullScoped(Stream.toChannel(stream), scope)
      const begun: Array<Uint8Array> = []
      /** False at the end. */
      const more = Effect.matchEffect(pull, {
        onSuccess: (chunks) => Effect.sync(() => begun.push(...chunks) > 0),
        onFailure: (error) => Cause.isDone(error) ? Effect.succeed(false) : Effect.fail(error as E)
      })
      const text = () => Buffer.concat(begun).toString("utf8")
      let open = true
      while (open && text().trimStart().length < fewest) open = yield* more
      if (beginning.test(text())) {
        let first: Chunks | undefined = [Buffer.concat(begun)]
        const rest: Pull.Pull<Chunks, E> = Effect.suspend(() => {
          if (first === undefined) return open ? pull : Cause.done()
          const given = Effect.succeed(first)
          first = undefined
          return given
        })
        return Stream.fromChannel(Channel.fromTransform((_, own) =>
          Effect.as(Scope.addFinalizerExit(own, (exit) => Scope.close(scope, exit)), rest)
        ))
      }
      while (open) {
        open = yield* more
      }
      yield* Scope.close(scope, Exit.void)
      return text()
    })
    return yield* Effect.onError(reading, (cause) =>
      Scope.close(scope, Exit.failCause(cause)))
  })
