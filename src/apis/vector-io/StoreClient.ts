/** A product's own client, which need not be installed: loaded at the start of an instance, and asked in bounded time. */
import { Duration, Effect, Predicate } from "effect"
import type { Scope } from "effect"
import * as FieldPrompt from "../../kernel/provider/FieldPrompt.ts"
import { maximumTimerMs, whole } from "../../kernel/provider/FieldSchema.ts"
import { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"

/** The field of a configuration. */
export const timeoutMs = (product: string) =>
  whole(1, maximumTimerMs, {
    description: `How long ${product} may take for an answer, milliseconds. Default 30000.`,
    default: 30_000
  }).pipe(FieldPrompt.annotate({ prompt: `Milliseconds ${product} may take for an answer` }))

type Failure = Pick<VectorIndexFailed, "reason" | "detail">

export interface Options<Library, Client> {
  readonly provider: string
  /** Where it is, without secrets: `http://localhost:8000`. */
  readonly address: string
  readonly package: string
  readonly timeoutMs: number
  readonly load: () => Promise<Library>
  readonly connect: (library: Library) => Client | Promise<Client>
  readonly close?: (client: Client) => void | Promise<void>
  /** What a failure of the client is; undefined: what its network says. */
  readonly failureOf: (cause: unknown) => Failure | undefined
}

export interface StoreClient<Client> {
  readonly ask: <A>(question: (client: Client) => Promise<A>) => Effect.Effect<A, VectorIndexFailed>
}

const isMissing = (name: string, cause: unknown): boolean =>
  Predicate.hasProperty(cause, "code") && cause.code === "ERR_MODULE_NOT_FOUND" && String(cause).includes(name)

/** The innermost cause: it names the network's failure. */
const rootOf = (cause: unknown): unknown =>
  cause instanceof Error && cause.cause !== undefined ? rootOf(cause.cause) : cause

export const messageOf = (cause: unknown): string =>
  (cause instanceof Error && cause.message !== "" ? cause.message : String(cause)).replace(/\s+/g, " ").slice(0, 600)

const networkFailure = /ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|UND_ERR|fetch failed|socket hang up|UNAVAILABLE/

/** Who is refused: what to set. */
export const refusal = (status: number, detail: string, field: string): Failure => ({
  reason: "rejected",
  detail: `${status} ${detail}: ${status === 401 ? `set ${field} of the provider` : `${field} of the provider may not`}`
})

export const make = Effect.fnUntraced(function*<Library, Client>(
  { address, close, connect, failureOf, load, package: name, provider, timeoutMs }: Options<Library, Client>
): Effect.fn.Return<StoreClient<Client>, VectorIndexFailed, Scope.Scope> {
  const failed = ({ detail, reason }: Failure) => new VectorIndexFailed({ provider, reason, detail })
  const library = yield* Effect.tryPromise({
    try: load,
    catch: (cause) =>
      failed({
        reason: "failed",
        detail: isMissing(name, cause)
          ? `it needs the package ${name}, which is not installed: run npm install ${name}`
          : `the package ${name} can't be loaded: ${messageOf(cause)}`
      })
  })
  let client: Promise<Client> | undefined
  const connected = () =>
    client ??= Promise.resolve().then(() => connect(library)).catch((cause: unknown) => {
      client = undefined
      throw cause
    })
  yield* Effect.addFinalizer(() =>
    Effect.ignore(Effect.tryPromise(() => Promise.resolve(client?.then((made) => close?.(made)))))
  )

  const failure = (cause: unknown): Failure => {
    const root = rootOf(cause)
    const code = Predicate.hasProperty(root, "code") ? ` (${String(root.code)})` : ""
    return networkFailure.test(`${messageOf(root)}${code}${messageOf(cause)}`)
      ? { reason: "unreachable", detail: `${address}: ${messageOf(root)}` }
      : failureOf(cause) ?? { reason: "failed", detail: messageOf(cause) }
  }

  return {
    ask: (question) =>
      Effect.tryPromise({
        try: () => connected().then(question),
        catch: (cause) => failed(failure(cause))
      }).pipe(
        Effect.timeoutOrElse({
          duration: Duration.millis(timeoutMs),
          orElse: () => Effect.fail(failed({ reason: "timeout", detail: `${address}: no answer in ${timeoutMs} ms` }))
        })
      )
  }
})
