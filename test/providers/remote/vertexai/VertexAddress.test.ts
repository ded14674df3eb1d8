/** Where Vertex AI is asked. */
import { assert, describe, it } from "@effect/vitest"
import * as VertexAddress from "../../../../src/providers/remote/vertexai/VertexAddress.ts"

const place = (location: string, base_url = "") => ({ project: "p", location, base_url })

describe("VertexAddress", () => {
  it.each([
    ["global", "https://aiplatform.googleapis.com/v1/projects/p/locations/global"],
    ["eu", "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu"],
    ["europe-west4", "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4"]
  ])("has a host for the location %s", (location, address) => {
    assert.strictEqual(VertexAddress.of(place(location)), address)
  })

  it("is another address where one is named, and its query goes along", () => {
    assert.strictEqual(
      VertexAddress.of(place("global", "https://proxy.example/v1/?a=1")),
      "https://proxy.example/v1/projects/p/locations/global?a=1"
    )
  })

  it("lists models beside the projects", () => {
    assert.strictEqual(
      VertexAddress.modelsOf(place("global")),
      "https://aiplatform.googleapis.com/v1beta1/publishers/google/models?pageSize=1000"
    )
  })
})
