/** Text and chunks of files. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { FileJobChunks, FileJobKind } from "./FileJobKind.ts"
import * as FileProcessorEvents from "./FileProcessorEvents.ts"
import { FileProcessorsApi } from "./FileProcessorsApi.ts"
import { FileProcessorsRoutes } from "./FileProcessorsRoutes.ts"

export const FileProcessorsModule = ApiModule.make({
  name: "file_processors",
  routes: FileProcessorsRoutes,
  contract: FileProcessorsApi,
  events: Object.values(FileProcessorEvents),
  projections: [FileJobKind.projection, FileJobChunks.projection],
  live: () => import("./FileProcessorsLive.ts")
})
