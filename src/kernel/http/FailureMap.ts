/** What the failures of a service are to a client, by their tags: over HTTP and in the process alike. */
import { Effect, Predicate } from "effect"
import type { HttpError } from "./HttpErrors.ts"

type Errors = Readonly<Record<string, (error: never, param?: string) => HttpError>>

interface Tagged<Tag> {
  readonly _tag: Tag
}

export const make = <E extends Errors>(errors: E) => {
  type Tag = keyof E & string
  type Mapped<Error extends Tagged<Tag>> = ReturnType<E[Error["_tag"]]>
  /**
   * `param`: what the operation calls the thing concerned. Each entry takes the failure whose tag it stands under, which
   * the compiler can't follow.
   */
  const toHttpError = <Error extends Tagged<Tag>>(error: Error, param?: string): Mapped<Error> =>
    errors[error._tag]!(error as never, param) as Mapped<Error>
  const includes = (error: unknown): error is Tagged<Tag> =>
    Predicate.hasProperty(error, "_tag") && Predicate.isString(error._tag) && Object.hasOwn(errors, error._tag)
  return {
    toHttpError,
    /** The same of any error; undefined where it is none of these. */
    httpErrorOf: (error: unknown): HttpError | undefined => includes(error) ? toHttpError(error) : undefined,
    /** Every failure of an effect as a client gets it. */
    mapErrors: (param?: string) => <A, Error extends Tagged<Tag>, R>(effect: Effect.Effect<A, Error, R>) =>
      Effect.mapError(effect, (error) => toHttpError(error, param))
  }
}
