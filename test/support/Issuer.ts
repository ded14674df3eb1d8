/** An issuer of tokens: real keys, published over HTTP on loopback as a JWKS, that can be rotated and taken away. */
import { DateTime, Effect } from "effect"
import type { Scope } from "effect"
import type { CryptoKey, JWK, JWTPayload } from "jose"
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose"
import { createServer } from "node:http"

interface Signer {
  readonly kid: string
  readonly algorithm: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly jwk: JWK
}

export interface Issuer {
  /** Where its keys are. */
  readonly uri: string
  /** How often they were asked for. */
  readonly asked: () => number
  /** Publishes a new key in place of the others. */
  readonly rotate: (algorithm?: string) => Effect.Effect<Signer>
  readonly signer: () => Signer
  /** Answers with this status from now on. */
  readonly fail: (status: number | "hang") => void
  /** Signed by the current key, unless told otherwise. */
  readonly token: (claims: JWTPayload, by?: Signer, header?: { readonly kid?: string }) => Effect.Effect<string>
  readonly pem: Effect.Effect<string>
}

/** Seconds since 1970. */
export const now = () => Math.floor(DateTime.toEpochMillis(DateTime.nowUnsafe()) / 1000)

export const make: Effect.Effect<Issuer, never, Scope.Scope> = Effect.gen(
  function*() {
    let keys: ReadonlyArray<Signer> = []
    let [asked, made] = [0, 0]
    let failing: number | "hang" | undefined

    const rotate = (algorithm = "ES256") =>
      Effect.gen(function*() {
        const { privateKey, publicKey } = yield* Effect.promise(() => generateKeyPair(algorithm, { extractable: true }))
        const kid = `key-${++made}`
        const jwk = { ...yield* Effect.promise(() => exportJWK(publicKey)), kid }
        const signer = { kid, algorithm, privateKey, publicKey, jwk }
        keys = [signer]
        return signer
      })
    yield* rotate()

    const server = yield* Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer((_, response) => {
          asked++
          if (failing === "hang") return
          response.statusCode = failing ?? 200
          response.setHeader("content-type", "application/json")
          response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))
        })
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.callback<void>((resume) => {
          server.closeAllConnections()
          server.close(() => resume(Effect.void))
        })
    )
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0

    return {
      uri: `http://127.0.0.1:${port}/jwks.json`,
      asked: () => asked,
      rotate,
      signer: () => keys[0]!,
      fail: (status) => {
        failing = status
      },
      token: (claims, by = keys[0]!, header = { kid: by.kid }) =>
        Effect.promise(() =>
          new SignJWT(claims).setProtectedHeader({ alg: by.algorithm, ...header }).sign(by.privateKey)
        ),
      pem: Effect.promise(() => exportSPKI(keys[0]!.publicKey))
    }
  }
)
