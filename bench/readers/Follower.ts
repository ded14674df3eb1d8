/** A client of the events API, in a process of its own: it reads the stream of all events at raw as it comes. */
// @effect-diagnostics *:off
import * as http from "node:http"
import { Lag } from "./Lag.ts"

const [port, after] = process.argv.slice(2)
const lag = new Lag()

/** Of an event's envelope; the first in its text. */
const time = /"time":"([^"]+)"/g

http.get(
  {
    port: Number(port),
    host: "127.0.0.1",
    path: `/v1/events?follow=true&level=raw&after=${after}`,
    headers: { accept: "text/event-stream" }
  },
  (response) => {
    if (response.statusCode !== 200) throw new Error(`the events API answered ${response.statusCode}`)
    let rest = ""
    response.setEncoding("utf8")
    response.on("data", (text: string) => {
      const whole = rest + text
      const end = whole.lastIndexOf("\n\n")
      rest = end === -1 ? whole : whole.slice(end + 2)
      for (const frame of end === -1 ? [] : whole.slice(0, end).split("\n\n")) {
        time.lastIndex = 0
        const found = time.exec(frame)
        if (found !== null) lag.saw(Date.parse(found[1]!))
      }
    })
    process.send?.(null)
  }
)

process.once("disconnect", () => process.exit())
process.on("message", () => process.send?.(lag.take()))
