// @effect-diagnostics asyncFunction:off
/** A vendor with moderations, sound and pictures, a Strata before it, and OpenAI's client before that. */
import { Effect } from "effect"
import * as Outcome from "../../src/kernel/replay/Outcome.ts"
import type { FakeUpstreamOptions, ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import type { ScriptedAnswer } from "./ScriptedAnswer.ts"
import { Sdk } from "./Sdk.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"
import { verify } from "./verify.ts"

/** Bytes that are no text, with what ends a frame of events among them. */
export const sound = Buffer.from([0xff, 0xfb, 0x90, 0, 10, 10, 13, 10, 13, 10, 0xfe, ...Buffer.from("ID3 error"), 0xc0])
export const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0xff, 13, 10, 45, 45, 0xfe])

/** Text that is a file: `name` says how long the rest of it is. */
export const fileOf = (bytes: Uint8Array, name: string, type: string) =>
  new File([new Uint8Array(bytes)], name, { type })

/** The parts of a form as its vendor reads them: of files, name, type and bytes. */
export const formOf = async ({ bodyBytes, headers }: ReceivedRequest) => {
  const request = new Response(new Uint8Array(bodyBytes), {
    headers: { "content-type": headers["content-type"] ?? "" }
  })
  const parts: Array<readonly [string, string | { readonly name: string; readonly bytes: Buffer }]> = []
  for (const [name, value] of await request.formData()) {
    parts.push([
      name,
      typeof value === "string" ? value : { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) }
    ])
  }
  return parts
}

export const make = Effect.fnUntraced(function*(
  respond: (request: ReceivedRequest) => ScriptedAnswer | undefined,
  options: StrataOptions & { readonly vendor?: FakeUpstreamOptions; readonly config?: Record<string, unknown> } = {}
) {
  const { config = {}, vendor: vendorOptions = {}, ...rest } = options
  const vendor = yield* FakeUpstream.make({ ...vendorOptions, respond })
  const strata = yield* Strata.make({
    level: "raw",
    providers: [Strata.openAi(vendor, { models: ["m"], ...config } as never)],
    ...rest
  })
  return { vendor, strata, client: Sdk.make(strata.url) }
})

/** What a verification of all sessions comes to, from the data folder alone. */
export const verified = Effect.fnUntraced(function*(strata: Strata) {
  const events = yield* strata.events()
  const sessions = new Set(events.flatMap(({ sessionId }) => sessionId ?? []))
  yield* strata.close
  const reports = yield* verify(strata.folder, sessions)
  return reports.map((report) => ({ outcome: Outcome.statusOf(report), divergence: report.divergence }))
})
