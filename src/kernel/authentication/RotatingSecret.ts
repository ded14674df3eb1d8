/** Secrets that are replaced by others of their kind: the last and the one before it are masked, for it may still be in use. */
import type { Secrets } from "../../events/redaction/Secrets.ts"

export const make = (secrets: Secrets) => {
  let recent: ReadonlyArray<string> = []
  return (secret: string): void => {
    if (recent[0] === secret) return
    const [last, ...older] = recent
    recent = last === undefined ? [secret] : [secret, last]
    for (const each of older) if (!recent.includes(each)) secrets.remove(each)
    secrets.add(secret)
  }
}
