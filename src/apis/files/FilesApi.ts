/** Files as an API that providers implement: pairs the service with the slot of its instances. */
import { Effect } from "effect"
import type { Context } from "effect"
import { effectful, optional } from "../../kernel/provider/Compliance.ts"
import type { ProviderApi } from "../../kernel/provider/Provider.ts"
import { Files } from "./Files.ts"
import { FileStorage, StorageFailed } from "./FileStorage.ts"

const invalidAnswer = (provider: string, reason: string) =>
  new StorageFailed({ provider, operation: "be written", missing: false, reason })

export const FilesApi: ProviderApi<"files", Files, FileStorage, Context.Service.Shape<typeof FileStorage>> = {
  name: "files",
  service: Files,
  slot: FileStorage,
  contract: {
    maxFileBytes: "number",
    write: effectful({
      failure: invalidAnswer,
      expects: (answer) =>
        typeof answer === "object" && answer !== null && "bytes" in answer && "sha256" in answer && "md5" in answer
          ? undefined
          : "bytes, sha256 and md5 of what was written"
    }),
    read: "function",
    remove: effectful({ failure: invalidAnswer, expects: () => undefined }),
    health: optional("effect")
  },
  health: ({ health }) => health ?? Effect.void
}
