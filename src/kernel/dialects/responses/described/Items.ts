/** All items of a conversation. */
import { variants } from "../../DescribedFields.ts"
import * as Hosted from "./HostedItems.ts"
import { compaction, itemReference, message, reasoning } from "./MessageItems.ts"
import * as Tools from "./ToolItems.ts"

const kept = () => [
  message(),
  reasoning(),
  compaction(),
  Tools.functionCall(),
  Tools.functionCallOutput(),
  Tools.customToolCall(),
  Tools.customToolCallOutput(),
  Tools.mcpListTools(),
  Tools.mcpApprovalRequest(),
  Tools.mcpApprovalResponse(),
  Tools.mcpCall(),
  Tools.toolSearchCall(),
  Tools.toolSearchOutput(),
  Tools.imageGenerationCall(),
  Hosted.fileSearchCall(),
  Hosted.webSearchCall(),
  Hosted.codeInterpreterCall(),
  Hosted.computerCall(),
  Hosted.computerCallOutput(),
  Hosted.localShellCall(),
  Hosted.localShellCallOutput(),
  Hosted.shellCall(),
  Hosted.shellCallOutput(),
  Hosted.applyPatchCall(),
  Hosted.applyPatchCallOutput()
]

export const item = variants(
  "ResponseConversationItem",
  "A step of a conversation; one of another type passes too.",
  kept
)

/** What a client sends: items, and references to those that are kept. */
export const inputItem = variants("ResponseInputItem", "A step of a conversation, or a reference to one.", () => [
  item(),
  itemReference()
])
