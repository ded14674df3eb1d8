/** Sessions over HTTP: their service is the kernel's. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { SessionsHandlers } from "./SessionsHandlers.ts"

export const live = ApiModule.live({ handlers: SessionsHandlers })
