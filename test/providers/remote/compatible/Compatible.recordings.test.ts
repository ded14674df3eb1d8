/** vLLM's recorded answers through remote::vllm. */
import { recordedProof } from "../../../support/recordedProof.ts"

recordedProof({ type: "remote::vllm", vendor: "vllm", count: 5, config: (base_url) => ({ base_url }) })
