/** A developer's message for a dialect without that role: it stands where it stood, as a file of the user's. */
import type { ContentBlock } from "../messages/ContentBlock.ts"
import { isModeled } from "../messages/ContentBlock.ts"

const isText = (block: ContentBlock): boolean => isModeled(block) && block.type === "text" && block.text !== ""

export const asFile = (blocks: ReadonlyArray<ContentBlock>): ReadonlyArray<ContentBlock> => {
  const [first, last] = [blocks.findIndex(isText), blocks.findLastIndex(isText)]
  return blocks.map((block, index) => {
    if (!isModeled(block) || block.type !== "text") return block
    const [before, behind] = [index === first ? "<context_file>\n" : "", index === last ? "\n</context_file>" : ""]
    return { ...block, text: before + block.text + behind }
  })
}
