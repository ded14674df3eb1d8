/** Moderations, answered by who serves the model. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { ModerationsHandlers } from "./ModerationsHandlers.ts"

export const live = ApiModule.live({ handlers: ModerationsHandlers })
