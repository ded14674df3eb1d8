/** Runs once after `npm run samples`: the manifest gets the samples that were stored. */
import { Console, Effect } from "effect"
import * as EventSamples from "./EventSamples.ts"

export const teardown = () => {
  const added = EventSamples.extendManifest()
  return Effect.runSync(Console.log(added.length === 0 ? "No new samples." : `New samples:\n${added.join("\n")}`))
}
