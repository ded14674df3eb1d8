/** `remote::model-context-protocol`: the tools of MCP servers, against the real server-everything. */
import { Effect } from "effect"
import { rmSync } from "node:fs"
import { EverythingServer } from "../../../support/EverythingServer.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"
import { toolContract } from "../../../support/toolContract.ts"

const provider_type = "remote::model-context-protocol"

const cases = {
  answered: { name: "echo", arguments: { message: "to be or not to be" }, text: "Echo: to be or not to be" },
  failing: { name: "get-resource-reference", arguments: { resourceType: "Text", resourceId: -1 } },
  wrong: { name: "get-sum", arguments: { a: "one", b: 2 }, says: /expected number/ },
  slow: { name: "trigger-long-running-operation", arguments: { duration: 5, steps: 5 } }
}

toolContract(
  `${provider_type} over stdio`,
  Effect.map(TemporaryFolder.make, (folder) => ({
    provider: {
      provider_type,
      config: { command: process.execPath, args: [EverythingServer.install(folder), "stdio"] }
    },
    ...cases,
    gone: Effect.sync(() => rmSync(folder, { recursive: true }))
  }))
)

toolContract(
  `${provider_type} over streamable HTTP`,
  Effect.map(EverythingServer.listening, ({ stop, url }) => ({
    provider: { provider_type, config: { url } },
    ...cases,
    gone: stop
  }))
)
