/** Secrets that can be told by their form: vendor keys, bearer tokens, private key blocks, JWTs. */
import type { Range } from "./Mask.ts"
import { isMask, mask } from "./Mask.ts"

/** Not within a word, nor within an escape; `\n` and `\u00e9` of JSON text end the word before. */
const wordStart = String.raw`(?:(?<![A-Za-z0-9\\])|(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{4}))`

/** A slash, also as `\/`. */
const slash = String.raw`\\{0,8}/`

/** White space, also as `\n`. */
const gap = String.raw`(?:\s|\\{1,8}[nrt])`

/** A key with a digit: without one it is a name, like `sk-fading-circle-of-dots`. */
const withDigit = (characters: string, atLeast: number) =>
  `(?=[${characters}]{0,400}[0-9])[${characters}]{${atLeast},512}`

const letters = "A-Za-z0-9"
const dashed = "A-Za-z0-9_-"

/** Keys that begin with their vendor's sign. Every quantifier is bounded: a long text must not exhaust the engine. */
const vendorKeys: ReadonlyArray<string> = [
  // OpenAI, Anthropic, DeepSeek, OpenRouter …; Stripe
  `sk-${withDigit(dashed, 16)}`,
  `[rs]k_(?:live|test)_[${letters}]{16,256}`,
  // GitHub, GitLab, npm, PyPI, Docker
  `gh[pousr]_[${letters}]{30,255}`,
  `github_pat_[${letters}_]{22,255}`,
  `glpat-[${dashed}]{20,255}`,
  `npm_[${letters}]{30,64}`,
  `pypi-[${dashed}]{50,512}`,
  `dckr_pat_[${dashed}]{20,64}`,
  // Slack
  `xox[a-z]-[${letters}-]{10,255}`,
  `xapp-[${letters}-]{16,255}`,
  // Hugging Face, Groq, xAI, Cerebras, Replicate, Perplexity, NVIDIA, Fireworks, Together, Pinecone, Tavily, LangSmith
  `hf_[${letters}]{20,128}`,
  `gsk_[${letters}]{20,128}`,
  `xai-[${letters}]{20,128}`,
  `csk-[${letters}]{20,128}`,
  `r8_[${letters}]{30,64}`,
  `pplx-[${letters}]{30,128}`,
  `nvapi-[${dashed}]{30,128}`,
  `fw_[${letters}]{20,64}`,
  `tgp_v1_[${dashed}]{20,128}`,
  `pcsk_[${letters}_]{30,128}`,
  `tvly-${withDigit(dashed, 20)}`,
  `lsv2_[a-z]{2}_[a-f0-9_]{32,64}`,
  // Stripe webhooks, Grafana, DigitalOcean
  `whsec_[${letters}]{24,64}`,
  `glsa_[${letters}_]{30,64}`,
  `dop_v1_[a-f0-9]{64}`
]

interface Pattern {
  /** Stands wherever there is one: to look for a fixed text is the cheapest. Default: any text may hold one. */
  readonly sign?: string
  /** Cheap, and almost never true where there is nothing. Default: any text with the sign. */
  readonly suspects?: RegExp
  /** The first group, if any, is what stays before the secret. */
  readonly regex: RegExp
  /** False for what only looks like one. */
  readonly accepts?: (secret: string) => boolean
}

/** The end of a sign is looked for first, which is fast, and then what stands before it. */
const suspectKey = new RegExp(
  `(?:[rs]k|hf|h[pousr]|at|r8|pm|lx|pi|x[a-z]|pp|ly|v[12]|ec|ai|fw|sa|ve|st)[-_][${letters}][${dashed}]{5}` +
    `(?<=${wordStart}(?:g?sk|p?csk|[rs]k_(?:live|test)|gh[pousr]|(?:github|dckr)_pat|glpat|npm|pypi|xox[a-z]|xapp|hf|` +
    `xai|r8|pplx|nvapi|fw|tgp_v1|tvly|lsv2|whsec|dop_v1|glsa)[-_][${dashed}]{6})`
)
const suspectCloudKey = /A(?:KIA|SIA|Iza)[A-Z0-9a-z_-]{16}/
const suspectTokens = /ya29\.|SG\.|hvs\./
const suspectCredentials = /\/[^\s:@/"'\\<>{}$]{0,100}:[^\s:@/"'\\<>{}$]{3,200}@/
const suspectParameter = /(?:[eE][yY]|[eE][nN]|[eE][tT]|[rR][eE]|sig)=[^&\s"'\\<>#]{8}/
const suspectAccessKey = /cess_key|CESS_KEY/
const suspectSignature = /[sS]ignature=/
const suspectBearer = /[eE][aA][rR][eE][rR]\s[A-Za-z0-9._~+/=-]{16}/

const body = String.raw`(?:[A-Za-z0-9+/=:,.()\s]|\\{1,8}[nrt/]|-(?!----)){0,16384}?`
const base64 = String.raw`(?:[A-Za-z0-9+=]|${slash})`
const label = "[A-Z0-9 ]{0,40}"

const letterWord = /^[A-Za-z]{0,16}$/

const patterns: ReadonlyArray<Pattern> = [
  {
    suspects: suspectKey,
    regex: new RegExp(`${wordStart}(?:${vendorKeys.join("|")})`, "g")
  },
  {
    // AWS access key ids; Google API keys
    suspects: suspectCloudKey,
    regex: new RegExp(`${wordStart}(?:A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])|AIza[${dashed}]{30,64})`, "g")
  },
  {
    // Google OAuth, SendGrid, HashiCorp Vault
    suspects: suspectTokens,
    regex: new RegExp(
      `${wordStart}(?:ya29\\.[${dashed}]{20,512}|SG\\.[${dashed}]{16,32}\\.[${dashed}]{16,64}|hvs\\.[${dashed}]{24,255})`,
      "g"
    )
  },
  {
    sign: ".eyJ",
    regex: new RegExp(
      String.raw`(?:(?<![\w-])|(?<=\\[bfnrt]))eyJ[${dashed}]{6,8192}\.eyJ[${dashed}]{4,16384}\.[${dashed}]{0,8192}`,
      "g"
    )
  },
  {
    suspects: suspectBearer,
    regex: new RegExp(`([bB][eE][aA][rR][eE][rR]\\s{1,4})${withDigit("A-Za-z0-9._~+/=-", 16)}`, "g")
  },
  {
    sign: "PRIVATE KEY",
    regex: new RegExp(
      `-----BEGIN ${label}PRIVATE KEY(?: BLOCK)?-----` +
        `(?:${body}-----END ${label}-----|${gap}{0,16}${base64}{24,128}(?:${gap}{1,8}${base64}{4,128}){0,400})`,
      "g"
    )
  },
  {
    // The key that goes with an AWS access key id, as shells and files assign it
    suspects: suspectAccessKey,
    regex: new RegExp(
      String
        .raw`(secret_access_key[\\"']{0,16}\s{0,4}[:=]\s{0,4}[\\"']{0,16})(?:[A-Za-z0-9+]|${slash}){40}(?![A-Za-z0-9/+=])`,
      "gi"
    )
  },
  {
    // The password in a URL: postgres://user:password@host
    sign: "@",
    suspects: suspectCredentials,
    regex: new RegExp(
      `(:(?:${slash}){2}[^\\s:@/"'\\\\<>{}$]{0,100}:)[^\\s:@/"'\\\\<>{}$]{3,200}(?=@)`,
      "g"
    ),
    accepts: (password) => !letterWord.test(password)
  },
  {
    // A secret parameter of a URL, signatures that open what they sign among them
    sign: "=",
    suspects: suspectParameter,
    regex: new RegExp(
      String.raw`((?:[?&]|\\u0026)(?:api[-_]?key|access_token|refresh_token|client_secret|sig|x-amz-signature|` +
        String.raw`x-amz-security-token|x-goog-signature)=)[^&\s"'\\<>#]{8,2048}`,
      "gi"
    )
  },
  {
    // A signed request's authorization, which a vendor may repeat: whoever has it can send the same request
    suspects: suspectSignature,
    regex: new RegExp(
      String.raw`((?<=[,\s])[sS]ignature=(?:\\{0,16}")?)(?:[A-Za-z0-9+=]|${slash}){40,1024}`,
      "g"
    )
  },
  {
    sign: "hooks.slack.com",
    regex: new RegExp(
      `(hooks\\.slack\\.com(?:${slash}|)services${slash}T[A-Z0-9]{6,16}${slash}B[A-Z0-9]{6,16}${slash})[${letters}]{16,64}`,
      "g"
    )
  }
]

const mayMatch = (text: string, { sign, suspects }: Pattern): boolean =>
  (sign === undefined || text.includes(sign)) && suspects?.test(text) !== false

/** False where no secret of a known form stands in a text. */
export const mayHold = (text: string): boolean => {
  for (const { sign, suspects } of patterns) {
    if ((sign === undefined || text.includes(sign)) && suspects?.test(text) !== false) return true
  }
  return false
}

/** Where secrets of a known form stand in a text, which may be JSON text, and JSON text within that. */
export const find = (text: string): Array<Range> => {
  const ranges: Array<Range> = []
  for (const pattern of patterns) {
    if (!mayMatch(text, pattern)) continue
    const { accepts, regex } = pattern
    for (const match of text.matchAll(regex)) {
      const start = match.index + (match[1]?.length ?? 0)
      const end = match.index + match[0].length
      const secret = text.slice(start, end)
      if (isMask(secret) || accepts?.(secret) === false) continue
      ranges.push({ start, end, mask })
    }
  }
  return ranges
}
