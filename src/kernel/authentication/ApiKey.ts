/** A key in a header, as the vendor gave it. */
import { Effect } from "effect"
import type { Authentication, AuthenticationType } from "./Authentication.ts"

const of = (name: string, authentication: Authentication): AuthenticationType<unknown> => ({
  name,
  takesClientKey: true,
  make: () => Effect.succeed(authentication)
})

/** `authorization: Bearer …` */
export const asBearer: Authentication = { authorize: (key) => ({ authorization: `Bearer ${key}` }) }

export const bearer = of("bearer token", asBearer)

/** `x-api-key`, `api-key`, `x-goog-api-key`. */
export const inHeader = (name: string) => of(`key in the header ${name}`, { authorize: (key) => ({ [name]: key }) })
