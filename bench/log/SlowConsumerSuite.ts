import type { Suite } from "../Suite.ts"
export const slowConsumerSuite: Suite = async () => ({ text: "", figures: {} })
