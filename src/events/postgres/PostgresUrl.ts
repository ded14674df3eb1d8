/** What a PostgreSQL URL says: where the database is, for people to read, and what in it is secret. */
import { Redacted } from "effect"

const parse = (url: Redacted.Redacted): URL | undefined => {
  const parsed = URL.parse(Redacted.value(url))
  return parsed !== null && /^postgres(ql)?:$/.test(parsed.protocol) ? parsed : undefined
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Host and database without user and password: `db.example:5432/strata`; undefined: it is no such URL. */
export const placeOf = (url: Redacted.Redacted): string | undefined => {
  const parsed = parse(url)
  if (parsed === undefined) return undefined
  const { hostname, password: _, pathname, port, searchParams, username } = parsed
  const host = searchParams.get("host") ?? (hostname === "" ? "localhost" : hostname)
  const named = searchParams.get("port") ?? port
  const database = searchParams.get("dbname") ?? decoded(pathname.slice(1))
  const user = searchParams.get("user") ?? decoded(username)
  return `${host}${named === "" ? "" : `:${named}`}/${database === "" ? user : database}`
}

/** The password as it stands in the URL and as it is meant, and the URL as a whole. */
export const secretsOf = (url: Redacted.Redacted): ReadonlyArray<Redacted.Redacted> => {
  const parsed = parse(url)
  const written = parsed?.password ?? ""
  const passwords = [written, decoded(written), parsed?.searchParams.get("password") ?? ""]
  return [...new Set([Redacted.value(url), ...passwords])].filter((text) => text !== "").map((text) =>
    Redacted.make(text)
  )
}

/** True where the URL says by which name the server is to know its sessions. */
export const namesItself = (url: Redacted.Redacted): boolean =>
  parse(url)?.searchParams.has("application_name") ?? false
