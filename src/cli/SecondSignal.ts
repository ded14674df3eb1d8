/** The first signal asks the program to end; a second one ends it at once, wherever the first one hangs. */

const codes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 }

/** A terminal's Ctrl-C reaches a whole group, and who started the program (npm, a handing-over Node) passes it on again. */
const passedOnWithin = 250

export const endAtSecond = (): void => {
  let first: number | undefined
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      const now = performance.now()
      first ??= now
      if (now - first > passedOnWithin) process.exit(code)
    })
  }
}
