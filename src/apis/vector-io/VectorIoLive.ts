/** The router over the providers of vector indexes. */
import { Layer } from "effect"
import type { Context } from "effect"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import type { Instance } from "../../kernel/provider/Instance.ts"
import type { VectorIndex } from "./VectorIndex.ts"
import { VectorIo } from "./VectorIo.ts"
import { VectorIoApi } from "./VectorIoApi.ts"
import { VectorIoHandlers } from "./VectorIoHandlers.ts"
import * as VectorRouter from "./VectorRouter.ts"

export const layer = (instances: ReadonlyArray<Instance<Context.Service.Shape<typeof VectorIndex>>>) =>
  Layer.succeed(VectorIo, VectorRouter.make(instances))

export const live = ApiModule.liveOf(VectorIoApi, { handlers: VectorIoHandlers, layer })
