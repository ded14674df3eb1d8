/** Chat completions end a stream with `data: [DONE]`; some vendors write it in another form, some leave it out. */
import type { StreamEnd } from "../sse/EndOfStream.ts"
import { dataOf } from "../sse/SseFrame.ts"

const mark = "[DONE]"

/** The data of the last frame, whatever white space is around it. */
export const isDone = (data: string): boolean => data.trim() === mark

export const doneFrame: StreamEnd = {
  mark,
  lastFrame: Buffer.from(`data: ${mark}\n\n`),
  isLastFrame: (frame) => frame.includes(mark) && isDone(dataOf(frame) ?? "")
}
