/** A message ends its stream with an event of its own. */
import { field, parse } from "../../../events/types/JsonAccess.ts"
import type { StreamEnd } from "../sse/EndOfStream.ts"
import { eventsOf } from "../sse/SseFrame.ts"

const mark = "message_stop"

/** By the event's name, or by what its data says: vendors may leave out one. */
const isLastFrame = (frame: string): boolean => {
  if (!frame.includes(mark)) return false
  const [event] = eventsOf(frame)
  if (event === undefined) return false
  const type = field(parse(event.data), "type")
  return type === mark || (type === undefined && event.event === mark)
}

export const stopFrame: StreamEnd = {
  mark,
  lastFrame: Buffer.from(`event: ${mark}\ndata: ${JSON.stringify({ type: mark })}\n\n`),
  isLastFrame
}
