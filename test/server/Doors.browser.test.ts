/** What web pages of somebody else's can do to a Strata on this machine, in a real browser. */
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Locator } from "playwright-core"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import * as Browser from "../support/Browser.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Keys } from "../support/Keys.ts"
import type { StrataOptions } from "../support/Strata.ts"
import { Strata } from "../support/Strata.ts"
import * as WebPage from "../support/WebPage.ts"

const browser = Browser.install()
afterAll(browser.remove)

const secret = "what was said in confidence"
const asked = JSON.stringify({ model: "upstream/m", messages: [{ role: "user", content: "from a page" }] })
const chat = "/v1/chat/completions"

/** A server with a session in its log, and a page of another site and one of another port of this machine. */
const given = Effect.fnUntraced(function*(options: (origins: ReadonlyArray<string>) => StrataOptions = () => ({})) {
  const port = yield* WebPage.port
  const pages = [`http://page.example:${port}`, `http://127.0.0.1:${port}`]
  const upstream = yield* FakeUpstream.make({ models: ["m"], respond: Chat.answering(["Blue"]) })
  const strata = yield* Strata.make({ ...options(pages), providers: [Strata.openAi(upstream, { models: ["m"] })] })
  const { port: own } = new URL(strata.url)
  const { headers, ...post } = Chat.post({ content: secret })
  yield* Effect.promise(() => fetch(strata.url + chat, { ...post, headers: { ...headers, ...Keys.headers("alice") } }))
  const opened = yield* browser.open(["page.example", "evil.example"])
  return {
    strata,
    upstream,
    pages: yield* Effect.forEach(pages, (url) => WebPage.visit(opened, url)),
    /** A page of this server itself, by another name. */
    at: (name: string) => WebPage.visit(opened, `http://${name}:${own}/v1/version`),
    /** What came since the session was recorded. */
    seen: Effect.gen(function*() {
      const violations = yield* strata.events({ types: ["policy:violation"] })
      const requests = yield* strata.events({ types: ["api:request"] })
      return {
        asked: upstream.received.filter(({ method }) => method === "POST").length - 1,
        recorded: Strata.ofClients(requests).length - 1,
        refused: violations.map((event) => String(Object(payloadOf(event)).kind))
      }
    })
  }
})

/** A browser on a busy machine takes its time. */
const patience = 90_000

describe.skipIf(browser.unsupported !== undefined)("a page of another origin, in a browser", () => {
  it.live("reaches nothing, and reads nothing: by fetch, form, image or EventSource", () =>
    Effect.gen(function*() {
      const { pages, seen, strata: { url } } = yield* given()
      for (const page of pages) {
        assert.isNull(yield* WebPage.fetched(page, `${url}/v1/events`))
        assert.isNull(
          yield* WebPage.fetched(page, url + chat, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: asked
          })
        )
        yield* WebPage.fetched(page, url + chat, { method: "POST", mode: "no-cors", body: asked })
        yield* WebPage.fetched(page, `${url}/v1/sessions`, { method: "POST", mode: "no-cors" })
        yield* WebPage.submitted(page, url + chat, asked)
        yield* WebPage.shown(page, `${url}/v1/events?image`)
        assert.isNull(yield* WebPage.followed(page, `${url}/v1/events?follow=true`, "api:request"))
      }
      const { asked: sent, recorded, refused } = yield* seen
      assert.deepStrictEqual([sent, recorded], [0, 0])
      assert.deepStrictEqual(refused, Array.from({ length: 7 * pages.length }, () => "origin"))
    }), patience)

  it.live("that points its own name at this machine reads nothing (DNS rebinding)", () =>
    Effect.gen(function*() {
      const { at, seen } = yield* given()
      const page = yield* at("evil.example")
      const read = yield* WebPage.fetched(page, "/v1/events")
      const sent = yield* WebPage.fetched(page, chat, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: asked
      })
      assert.deepStrictEqual([read?.status, sent?.status], [421, 421])
      assert.notInclude(read?.text, secret)
      const { asked: vendor, recorded, refused } = yield* seen
      assert.deepStrictEqual([vendor, recorded], [0, 0])
      assert.deepStrictEqual([...new Set(refused)], ["host"])
    }), patience)

  it.live(
    "may do what its own origin may, and no other, where CORS allows it: with a key",
    () =>
      Effect.gen(function*() {
        const { pages, seen, strata } = yield* given(([allowed = ""]) => ({
          server: { cors: { origins: [allowed], max_age_s: 0 } },
          auth: { providers: [Keys.provider({ alice: {} })] }
        }))
        const headers = { "content-type": "application/json", "x-stainless-lang": "js", ...Keys.headers("alice") }
        const post = { method: "POST", headers, body: asked }
        const [page, other] = pages
        const answer = yield* WebPage.fetched(page!, strata.url + chat, post)
        assert.deepInclude(answer, { status: 200 })
        assert.isNotNull(answer?.requestId)
        const stranger = yield* WebPage.fetched(page!, `${strata.url}/v1/models`)
        assert.strictEqual(stranger?.status, 401)
        assert.include(stranger?.text, "Authorization")
        assert.isNull(yield* WebPage.fetched(other!, strata.url + chat, post))
        assert.deepStrictEqual(yield* seen, { asked: 1, recorded: 1, refused: ["authentication", "origin"] })
      }),
    patience
  )

  it.live("follows events where CORS allows it", () =>
    Effect.gen(function*() {
      const { pages: [page, other], strata } = yield* given(([allowed = ""]) => ({
        server: { cors: { origins: [allowed], max_age_s: 0 } }
      }))
      const events = `${strata.url}/v1/events?follow=true`
      assert.include(yield* WebPage.followed(page!, events, "llm:request"), "upstream")
      assert.isNull(yield* WebPage.followed(other!, events, "llm:request"))
    }), patience)

  it.live(
    "of Strata's own asks, and its reference sends the key it asks for where one is wanted",
    () =>
      Effect.gen(function*() {
        const { at, strata } = yield* given(() => ({ auth: { providers: [Keys.provider({ alice: {} })] } }))
        const page = yield* at("localhost")
        const read = yield* WebPage.fetched(page, "/v1/sessions", { headers: Keys.headers("alice") })
        assert.strictEqual(read?.status, 200)
        assert.include(read?.text, "upstream/m")
        const visible = (locator: Locator) => locator.filter({ visible: true }).first()
        const hosts = new Set<string>()
        page.on("request", (request) => hosts.add(new URL(request.url()).origin))
        yield* Effect.promise(() => page.goto(`${strata.url}/docs`))
        yield* Effect.promise(() => visible(page.getByPlaceholder("Token")).fill(Keys.keyOf("alice")))
        // It shows only what is near.
        yield* Effect.promise(() => page.goto(`${strata.url}/docs#tag/models/GET/v1/models`))
        const tryIt = page.getByRole("button", { name: /test request.*get \/v1\/models\)?$/i })
        yield* Effect.promise(() => visible(tryIt).click())
        const answered = page.waitForResponse(`${strata.url}/v1/models`)
        yield* Effect.promise(() => visible(page.getByRole("button", { name: /^send/i })).click())
        assert.strictEqual((yield* Effect.promise(() => answered)).status(), 200)
        assert.deepStrictEqual([...hosts], [strata.url])
      }),
    patience
  )
})
