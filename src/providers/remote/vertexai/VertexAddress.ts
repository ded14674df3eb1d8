/** Where Vertex AI is asked, by the location and the project. */
import * as BaseUrl from "../../../kernel/client/BaseUrl.ts"

interface Place {
  readonly project: string
  readonly location: string
  /** Another address, its version included; empty: the location's own. */
  readonly base_url: string
}

const multiRegions: ReadonlySet<string> = new Set(["us", "eu"])

const hostOf = (location: string): string =>
  location === "global"
    ? "aiplatform.googleapis.com"
    : multiRegions.has(location)
    ? `aiplatform.${location}.rep.googleapis.com`
    : `${location}-aiplatform.googleapis.com`

const versionOf = ({ base_url, location }: Place): string =>
  base_url === "" ? `https://${hostOf(location)}/v1` : base_url

/** What its query says is said with each request. */
export const of = (place: Place): string => {
  const { location, project } = place
  const { path, query } = BaseUrl.partsOf(versionOf(place))
  const address = `${path}/projects/${project}/locations/${location}`
  return query === "" ? address : `${address}?${query}`
}

/** Models are listed in the version that is to come. */
export const modelsOf = (place: Place): string =>
  `${BaseUrl.partsOf(versionOf(place)).path.replace(/\/v1$/, "/v1beta1")}/publishers/google/models?pageSize=1000`
