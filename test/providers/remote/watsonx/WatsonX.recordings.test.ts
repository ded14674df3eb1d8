/** watsonx.ai's recorded answers through remote::watsonx. */
import { Struct } from "effect"
import { recordedProof } from "../../../support/recordedProof.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"

const project_id = "p-1"

recordedProof({
  type: "remote::watsonx",
  vendor: "watsonx",
  count: 14,
  config: (url) => {
    const base_url = url.replace(/\/v1$/, "")
    return { base_url, iam_url: base_url, api_key: "ibm-api-key-1", project_id }
  },
  asks: (request) => Struct.omit(request, ["project_id"]),
  sent: (request) => ({ ...request, project_id }),
  besides: ({ path }) =>
    path === "/identity/token" ? ScriptedAnswer.json(200, { access_token: "iam-token-1", expires_in: 3600 }) : undefined
})
