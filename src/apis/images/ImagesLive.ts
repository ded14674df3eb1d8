/** Images, made by who serves the model. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ImagesHandlers } from "./ImagesHandlers.ts"

export const live = ApiModule.live({ handlers: ImagesHandlers })
