/** Files of clients, kept by providers. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { FilesApi } from "./FilesApi.ts"
import * as FilesEvents from "./FilesEvents.ts"
import { FileKind, UploadKind, UploadParts } from "./FilesKinds.ts"
import { FilesRoutes } from "./FilesRoutes.ts"

export const FilesModule = ApiModule.make({
  name: "files",
  routes: FilesRoutes,
  contract: FilesApi,
  events: Object.values(FilesEvents),
  projections: [FileKind.projection, UploadKind.projection, UploadParts.projection],
  live: () => import("./FilesLive.ts")
})
