/** Conversations and their items. */
import * as ApiModule from "../../kernel/modules/ApiModule.ts"
import * as ConversationEvents from "./ConversationEvents.ts"
import { ConversationItems, ConversationsKind } from "./ConversationsKind.ts"
import { ConversationsRoutes } from "./ConversationsRoutes.ts"

export const ConversationsModule = ApiModule.make({
  name: "conversations",
  routes: ConversationsRoutes,
  events: ConversationEvents.all,
  projections: [ConversationsKind.projection, ConversationItems.projection],
  live: () => import("./ConversationsLive.ts")
})
