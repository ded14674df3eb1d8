/** Where facts and the row writer of before differ on purpose, by decisions since. */
export const deliberate: ReadonlyArray<string> = []
