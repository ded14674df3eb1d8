/** Audio, made by who serves the model. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { AudioHandlers } from "./AudioHandlers.ts"

export const live = ApiModule.live({ handlers: AudioHandlers })
