/** File processors as an API that providers implement: pairs the service with the slot of its instances. */
import { Effect } from "effect"
import type { Context } from "effect"
import { effectful, optional } from "../../kernel/provider/Compliance.ts"
import type { ProviderApi } from "../../kernel/provider/Provider.ts"
import { FileUnreadable } from "../../kernel/text/FileUnreadable.ts"
import { FileProcessor } from "./FileProcessor.ts"
import { FileProcessors } from "./FileProcessors.ts"

export const FileProcessorsApi: ProviderApi<
  "file_processors",
  FileProcessors,
  FileProcessor,
  Context.Service.Shape<typeof FileProcessor>
> = {
  name: "file_processors",
  service: FileProcessors,
  slot: FileProcessor,
  contract: {
    maxFileBytes: "number",
    process: effectful({
      failure: (_, message) => new FileUnreadable({ reason: "processor_failed", message }),
      expects: (answer) =>
        typeof answer === "object" && answer !== null && "text" in answer && "chunks" in answer
          ? undefined
          : "text and chunks of the file"
    }),
    health: optional("effect")
  },
  health: ({ health }) => health ?? Effect.void
}
