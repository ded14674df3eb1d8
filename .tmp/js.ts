import { Configuration } from "/work/wt-config/src/kernel/config/Configuration.ts"
import { Replay } from "/work/wt-config/src/providers/inline/replay/Replay.ts"
import { OpenAi } from "/work/wt-config/src/providers/remote/openai/OpenAi.ts"
import { Schema } from "effect"
const d = Schema.toJsonSchemaDocument(Schema.toEncoded(Configuration))
console.log(JSON.stringify(d, null, 1))
for (const p of [OpenAi, Replay]) {
  console.log(JSON.stringify(Schema.toJsonSchemaDocument(Schema.toEncoded(p.config)), null, 1))
}
