/** Ids of the request and its session in the head of an exchange: its own fact has them beside the bytes. */
import type { Fact } from "./Fact.ts"

type Ids = Pick<Fact, "requestId" | "sessionId">

/** What stands for ids in the head of an exchange: no JSON text has control characters. */
const signs = { request: "\u0001", session: "\u0002" }

/** Shorter ones stand for themselves. */
const leastId = 16

/** As it is stored. */
export const without = (head: string, { requestId, sessionId }: Ids): string => {
  const rest = requestId.length < leastId ? head : head.replaceAll(requestId, signs.request)
  return sessionId === null || sessionId.length < leastId ? rest : rest.replaceAll(sessionId, signs.session)
}

/** As it was. */
export const restored = (head: string, { requestId, sessionId }: Ids): string =>
  head.replaceAll(signs.request, () => requestId).replaceAll(signs.session, () => sessionId ?? "")
