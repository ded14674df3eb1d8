/** OpenAI's recorded answers through remote::openai. */
import { recordedProof } from "../../../support/recordedProof.ts"

recordedProof({ type: "remote::openai", vendor: "openai", count: 40, config: (base_url) => ({ base_url }) })
