/** Azure's recorded answers through remote::azure. */
import { recordedProof } from "../../../support/recordedProof.ts"

recordedProof({
  type: "remote::azure",
  vendor: "azure",
  count: 30,
  config: (url) => ({ base_url: url.replace(/\/v1$/, ""), api_version: "2024-12-01-preview", api_key: "azure-key-1" })
})
