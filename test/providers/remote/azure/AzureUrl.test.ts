/** The addresses of an Azure resource, however the configuration writes them. */
import { assert, describe, it } from "@effect/vitest"
import * as AzureUrl from "../../../../src/providers/remote/azure/AzureUrl.ts"

const version = "2024-12-01-preview"

const asked = (written: string, api_version?: string) => {
  const base_url = AzureUrl.resource(written)
  const address = { base_url, ...api_version === undefined ? {} : { api_version } }
  return [base_url, AzureUrl.operation(address, "my 4o", "/chat/completions"), AzureUrl.models(address)]
}

describe("AzureUrl", () => {
  it.each(["https://r.openai.azure.com", "https://r.openai.azure.com/", "https://r.openai.azure.com/openai"])(
    "names the deployment and the version behind %s",
    (written) => {
      assert.deepStrictEqual(asked(written, version), [
        "https://r.openai.azure.com",
        "/openai/deployments/my%204o/chat/completions?api-version=2024-12-01-preview",
        "/openai/models?api-version=2024-12-01-preview"
      ])
    }
  )

  it("names neither where the version-less API is asked", () => {
    const base_url = "https://r.openai.azure.com/openai/v1"
    assert.deepStrictEqual(asked(`${base_url}/`, version), [base_url, "/chat/completions", "/models"])
    assert.isTrue(AzureUrl.isVersionless(`${base_url}?a=b`))
  })

  it("says a version once, and keeps a query", () => {
    const base_url = "https://gateway.example/azure?api-version=2025-01-01&tenant=a"
    assert.deepStrictEqual(asked(base_url, version), [
      base_url,
      "/openai/deployments/my%204o/chat/completions",
      "/openai/models"
    ])
  })

  it("takes the address of one deployment as it is", () => {
    const base_url = "https://r.openai.azure.com/openai/deployments/other"
    assert.deepStrictEqual(asked(base_url, "v").slice(0, 2), [base_url, "/chat/completions?api-version=v"])
    assert.strictEqual(
      new URL(`${base_url}${asked(base_url, "v")[2]}`).href,
      "https://r.openai.azure.com/openai/models?api-version=v"
    )
  })
})
