/** What is shown of a PostgreSQL URL, and what is secret in it. */
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { placeOf, secretsOf } from "../../../src/events/postgres/PostgresUrl.ts"

const places = [
  { url: "postgres://strata:secret@db.example:5433/log", place: "db.example:5433/log" },
  { url: "postgresql://strata@db.example/log?sslmode=require", place: "db.example/log" },
  { url: "postgres://strata:secret@db.example", place: "db.example/strata" },
  { url: "postgres:///log?host=/run/postgresql&user=strata&password=secret", place: "/run/postgresql/log" },
  { url: "postgres://a%20b:s%40cret@[::1]:5432/a%20log", place: "[::1]:5432/a log" },
  { url: "mysql://strata:secret@db/log", place: undefined },
  { url: "strata:secret@db/log", place: undefined },
  { url: "", place: undefined }
]

describe("PostgresUrl", () => {
  it.each(places)("shows $place", ({ place, url }) => {
    assert.strictEqual(placeOf(Redacted.make(url)), place)
  })

  it("knows the password as it is written and as it is meant", () => {
    const secrets = (url: string) => secretsOf(Redacted.make(url)).map(Redacted.value)
    const url = "postgres://strata:s%40cret@db/log"
    assert.deepStrictEqual(secrets(url), [url, "s%40cret", "s@cret"])
    assert.include(secrets("postgres://db/log?password=hidden"), "hidden")
    assert.deepStrictEqual(secrets("no URL: 100%"), ["no URL: 100%"])
  })
})
