/** What each failure of an operation is to a client, by the failure's tag. */

type Answers = Readonly<Record<string, (error: never, param?: string) => unknown>>

/** A failure that has an answer. */
type Answered = { readonly _tag: string }

/** What the answers are to these failures. */
export type AnswerOf<A extends Answers, E extends Answered> = ReturnType<A[E["_tag"]]>

/**
 * A failure as a client sees it; `param`: what the operation calls that which it is about. Each answer takes the failure
 * whose tag it stands under, which the compiler can't follow.
 */
export const toAnswer = <A extends Answers, E extends Answered & { readonly _tag: keyof A }>(
  answers: A,
  error: E,
  param?: string
): AnswerOf<A, E> => answers[error._tag]!(error as never, param) as AnswerOf<A, E>
