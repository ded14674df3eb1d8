/** A web page of somebody else's, and what its script can try. */
import { Effect } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Browser, Page } from "playwright-core"

/** The port of a server that answers with an empty page. */
export const port = Effect.map(
  Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer((_, response) => {
        response.setHeader("content-type", "text/html")
        response.end("<!doctype html><title>page</title><body></body>")
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => (server.closeAllConnections(), server.close()))
  ),
  (server) => (server.address() as AddressInfo).port
)

export const visit = (browser: Browser, url: string): Effect.Effect<Page> =>
  Effect.tap(Effect.promise(() => browser.newPage()), (page) => Effect.promise(() => page.goto(url)))

/** Runs a function of the page's own, given as text: the types here are Node's. */
const run = <A>(page: Page, script: string, ...given: ReadonlyArray<unknown>): Effect.Effect<A> =>
  Effect.promise(() => page.evaluate<A>(`(${script})(...${JSON.stringify(given)})`))

interface Sent {
  readonly method?: string
  readonly mode?: "cors" | "no-cors"
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Read {
  /** 0: the browser does not let the page see it. */
  readonly status: number
  readonly text: string
  readonly requestId: string | null
}

/** `fetch`; null: it fails. A body has no content type unless headers say one. */
export const fetched = (page: Page, url: string, sent: Sent = {}): Effect.Effect<Read | null> =>
  run(
    page,
    `async (url, { body, ...rest }) => {
      try {
        const answer = await fetch(url, { ...rest, ...body === undefined ? {} : { body: new Blob([body]) } })
        return { status: answer.status, text: await answer.text(), requestId: answer.headers.get("x-request-id") }
      } catch {
        return null
      }
    }`,
    url,
    sent
  )

/** A form that is sent into a frame; done when the frame has got an answer, readable or not. */
export const submitted = (page: Page, url: string, text: string): Effect.Effect<null> =>
  run(
    page,
    `(url, text) => new Promise((done) => {
      document.body.innerHTML = '<iframe name="answer"></iframe>' +
        '<form method="post" enctype="text/plain" target="answer"><input type="hidden"></form>'
      const form = document.querySelector("form")
      form.action = url
      form.firstChild.name = text
      document.querySelector("iframe").onload = () => done(null)
      form.submit()
    })`,
    url,
    text
  )

/** Waits until an image has come or failed. */
export const shown = (page: Page, url: string): Effect.Effect<null> =>
  run(
    page,
    `(url) => new Promise((done) => {
      const image = new Image()
      image.onload = image.onerror = () => done(null)
      image.src = url
    })`,
    url
  )

/** The first event of that type that an EventSource gets; null: it fails. */
export const followed = (page: Page, url: string, type: string): Effect.Effect<string | null> =>
  run(
    page,
    `(url, type) => new Promise((done) => {
      const source = new EventSource(url)
      const end = (data) => {
        source.close()
        done(data)
      }
      source.addEventListener(type, ({ data }) => end(data))
      source.onerror = () => end(null)
    })`,
    url,
    type
  )
