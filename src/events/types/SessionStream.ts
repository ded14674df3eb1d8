/** The stream of a session's events in the log, by the session's id, and back. */

const prefix = "session-"

export const streamOf = (sessionId: string): string => `${prefix}${sessionId}`

/** The session whose stream it is; undefined for other streams. */
export const sessionOf = (stream: string | undefined): string | undefined =>
  stream?.startsWith(prefix) === true ? stream.slice(prefix.length) : undefined
