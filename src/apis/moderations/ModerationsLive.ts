/** Moderations, answered by who serves the model. */
import { Effect, Layer } from "effect"
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import { Inference } from "../inference/Inference.ts"
import { Moderations } from "./Moderations.ts"
import { ModerationsHandlers } from "./ModerationsHandlers.ts"

export const layer = Layer.effect(Moderations, Effect.map(Inference, ({ media }) => Moderations.of({ create: media })))

export const live = ApiModule.live({ handlers: ModerationsHandlers, layer })
