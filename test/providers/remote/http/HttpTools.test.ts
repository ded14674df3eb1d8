/** `remote::http`: tools that are HTTP requests. */
import { Effect } from "effect"
import { toolContract } from "../../../support/toolContract.ts"
import { json, ToolUpstream } from "../../../support/ToolUpstream.ts"

const answering = ToolUpstream.make(({ url }, response) => {
  if (url.startsWith("/weather/Oslo")) return json(response, 200, { city: "Oslo", weather: "rain" })
  if (url.startsWith("/weather/")) return json(response, 404, { message: "no such city" })
})

toolContract(
  "remote::http",
  Effect.map(answering, ({ stop, url }) => {
    const input_schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
    const tools = [
      { name: "get_weather", description: "The weather.", url: `${url}/weather/{city}?days={days}`, input_schema },
      { name: "wait", url: `${url}/never` }
    ]
    return {
      provider: { provider_type: "remote::http", config: { tools, allow_private_addresses: true } },
      answered: { name: "get_weather", arguments: { city: "Oslo" }, text: "rain" },
      failing: { name: "get_weather", arguments: { city: "Nowhere" } },
      wrong: { name: "get_weather", arguments: { city: 7 }, says: /city: expected a text/ },
      slow: { name: "wait", arguments: {} },
      gone: stop
    }
  })
)
