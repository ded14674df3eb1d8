/** `remote::strata` for files: their bytes are files of another Strata, or of a server of Llama Stack's family. */
import { Effect, Layer, Stream } from "effect"
import { FilesApi } from "../../../apis/files/FilesApi.ts"
import { FileStorage, StorageFailed } from "../../../apis/files/FileStorage.ts"
import * as VendorFiles from "../../../apis/files/VendorFiles.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import { Data, withLongestFile } from "./StrataConfig.ts"
import * as StrataConnection from "./StrataConnection.ts"
import * as StrataFailure from "./StrataFailure.ts"

const Config = withLongestFile(512 * 1024 * 1024)

const make = Effect.fnUntraced(function*(config: typeof Config.Type, provider_id: string) {
  const { bounded, client, provider } = yield* StrataConnection.make(config, { api: FilesApi.name, provider_id })
  const files = VendorFiles.make({
    provider,
    client,
    path: "/v1/files",
    maxFileBytes: config.max_file_bytes,
    purpose: "user_data",
    ranges: true
  })
  const first = (operation: string) =>
    Effect.mapError(
      bounded,
      (error) => new StorageFailed({ provider, operation, missing: false, reason: StrataFailure.of(error).message })
    )
  return FileStorage.of({
    ...files,
    write: (key, content, about) => Effect.andThen(first("be written"), files.write(key, content, about)),
    read: (key, range, reference) => Stream.unwrap(Effect.as(first("be read"), files.read(key, range, reference))),
    remove: (key, reference) => Effect.andThen(first("be removed"), files.remove(key, reference))
  })
})

export const StrataFiles = Provider.make({
  api: FilesApi,
  type: "remote::strata",
  displayName: "Files at another Strata",
  description: "Keeps the content of files at another Strata, as files of the key that is sent.",
  config: Config,
  requires: [],
  capabilities: ["files"],
  providerData: Data,
  status: { status: "proven", against: "another Strata, over loopback" },
  layer: (config, { provider_id }) => Layer.effect(FileStorage, make(config, provider_id))
})
