/** Where an Azure resource answers: by deployment and version of the API, or by the version-less API. */
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"

/** `…/openai/v1`: the deployment stands in the body, and no version is said. */
export const isVersionless = (base_url = ""): boolean => BaseUrl.partsOf(base_url).path.endsWith("/openai/v1")

const isDeployment = (base_url = ""): boolean => /\/openai\/deployments\/[^/]+$/.test(BaseUrl.partsOf(base_url).path)

/** `https://r.openai.azure.com`, with or without /openai: the same resource. */
export const resource = (base_url: string): string => {
  const { path, query } = BaseUrl.partsOf(base_url)
  return `${path.replace(/\/openai$/, "")}${query === "" ? "" : `?${query}`}`
}

/** The address says a version itself. */
export const saysVersion = (base_url = ""): boolean =>
  new URLSearchParams(BaseUrl.partsOf(base_url).query).has("api-version")

export interface Address {
  readonly base_url?: string
  readonly api_version?: string
}

const versioned = (path: string, { api_version = "", base_url }: Address): string =>
  api_version === "" || saysVersion(base_url) ? path : `${path}?api-version=${encodeURIComponent(api_version)}`

/** From the base URL on; `path`: `/chat/completions`. */
export const operation = (address: Address, deployment: string, path: string): string => {
  if (isVersionless(address.base_url)) return path
  if (isDeployment(address.base_url)) return versioned(path, address)
  return versioned(`/openai/deployments/${encodeURIComponent(deployment)}${path}`, address)
}

export const models = (address: Address): string => {
  if (isVersionless(address.base_url)) return "/models"
  const inDeployment = isDeployment(address.base_url)
  return versioned(inDeployment ? "/../../models" : "/openai/models", address)
}
