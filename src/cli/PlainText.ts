/** Text from elsewhere, for a terminal: nothing in it moves the cursor, colours, rings, or turns the direction. */

/** C0 but for tab and line end, DEL, C1, and marks that turn the direction of what stands around them. */
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Signs for C0 stand from here on. */
const pictures = 0x2400

const visible = (control: string): string => {
  const code = control.charCodeAt(0)
  return code < 0x20 ? String.fromCharCode(pictures + code) : code === 0x7f ? "\u2421" : "\ufffd"
}

/** A control character becomes a sign that shows it; line ends of other systems are line ends. */
export const of = (text: string): string => text.replaceAll("\r\n", "\n").replaceAll(controls, visible)

/** In one line, at most so long. */
export const inOneLine = (text: string, longest = 200): string => {
  const line = of(text).replaceAll(/\s+/g, " ").trim()
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`
}
