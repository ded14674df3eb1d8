/** Made-up secrets in the forms vendors give them: put together here, so that no scanner takes this file for a leak. */

const alphabet = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU0vWxYz"

/** So many letters and digits. */
const body = (length: number): string => alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length)
const upper = (length: number) => body(length).toUpperCase()
const hex = (length: number) => "0a1b2c3d4e5f6789".repeat(16).slice(0, length)
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

const line = `${body(32)}+/${body(30)}`

export const pem = (kind: string): string =>
  [`-----BEGIN ${kind}-----`, line, line, `${body(20)}==`, `-----END ${kind}-----`, ""].join("\n")

export interface SecretForm {
  readonly name: string
  readonly secret: string
  /** What stands before it and stays. */
  readonly before?: string
  readonly after?: string
}

export const forms: ReadonlyArray<SecretForm> = [
  { name: "OpenAI, old", secret: `sk-${body(48)}` },
  { name: "OpenAI, project", secret: `sk-proj-${body(60)}_${body(40)}-${body(20)}` },
  { name: "Anthropic", secret: `sk-ant-api03-${body(40)}-${body(40)}_AA` },
  { name: "OpenRouter", secret: `sk-or-v1-${hex(64)}` },
  { name: "AWS access key id", secret: `AKIA${upper(16)}` },
  { name: "AWS temporary key id", secret: `ASIA${upper(16)}` },
  { name: "AWS secret key in a shell", before: "AWS_SECRET_ACCESS_KEY=", secret: line.slice(0, 40) },
  { name: "AWS secret key in a file", before: "aws_secret_access_key = ", secret: line.slice(0, 40) },
  { name: "Google API key", secret: `AIza${body(35)}` },
  { name: "Google OAuth", secret: `ya29.${body(60)}` },
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((sign) => ({ name: `GitHub ${sign}`, secret: sign + body(36) })),
  { name: "GitHub, fine-grained", secret: `github_pat_${body(22)}_${body(59)}` },
  { name: "GitLab", secret: `glpat-${body(20)}` },
  { name: "npm", secret: `npm_${body(36)}` },
  { name: "PyPI", secret: `pypi-${body(90)}` },
  { name: "Docker", secret: `dckr_pat_${body(27)}` },
  ...["xoxb-", "xoxp-", "xoxa-", "xoxs-"].map((sign) => ({
    name: `Slack ${sign}`,
    secret: `${sign}1234567890-${body(24)}`
  })),
  { name: "Slack, app", secret: `xapp-1-${body(30)}` },
  { name: "Slack webhook", before: "https://hooks.slack.com/services/T0ABCDEF1/B0ABCDEF2/", secret: body(24) },
  { name: "Hugging Face", secret: `hf_${body(34)}` },
  { name: "Groq", secret: `gsk_${body(52)}` },
  { name: "xAI", secret: `xai-${body(80)}` },
  { name: "Cerebras", secret: `csk-${body(48)}` },
  { name: "Replicate", secret: `r8_${body(37)}` },
  { name: "Perplexity", secret: `pplx-${body(48)}` },
  { name: "NVIDIA", secret: `nvapi-${body(64)}` },
  { name: "Fireworks", secret: `fw_${body(24)}` },
  { name: "Together", secret: `tgp_v1_${body(43)}` },
  { name: "Pinecone", secret: `pcsk_${body(6)}_${body(60)}` },
  { name: "Tavily", secret: `tvly-dev-${body(32)}` },
  { name: "LangSmith", secret: `lsv2_pt_${hex(32)}_${hex(10)}` },
  { name: "Stripe", secret: `sk_live_${body(24)}` },
  { name: "Stripe, restricted", secret: `rk_test_${body(24)}` },
  { name: "Stripe webhook", secret: `whsec_${body(32)}` },
  { name: "SendGrid", secret: `SG.${body(22)}.${body(43)}` },
  { name: "Vault", secret: `hvs.${body(90)}` },
  { name: "Grafana", secret: `glsa_${body(32)}_${hex(8)}` },
  { name: "DigitalOcean", secret: `dop_v1_${hex(64)}` },
  { name: "a bearer token", before: "Authorization: Bearer ", secret: body(32) },
  { name: "a bearer token, small letters", before: "bearer ", secret: `${body(20)}/${body(12)}==` },
  {
    name: "a JWT",
    secret: `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url({ sub: "1", name: "Ada" })}.${body(43)}`
  },
  { name: "an RSA key", secret: pem("RSA PRIVATE KEY").trim() },
  { name: "a key of OpenSSH", secret: pem("OPENSSH PRIVATE KEY").trim() },
  { name: "a key", secret: pem("PRIVATE KEY").trim() },
  { name: "a key that breaks off", secret: pem("EC PRIVATE KEY").slice(0, 120) },
  { name: "a password in a URL", before: "postgres://ada:", secret: "hunter22", after: "@db.example.com:5432/app" },
  { name: "a signature in a URL", before: "https://b.s3.amazonaws.com/k?X-Amz-Signature=", secret: hex(64) },
  {
    name: "a signature of AWS",
    before: "AWS4-HMAC-SHA256 Credential=x/20261127/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=",
    secret: hex(64)
  },
  {
    name: "a signature of OCI",
    before: "Signature version=\"1\",algorithm=\"rsa-sha256\",headers=\"date\",signature=\"",
    secret: `${line}${line}${body(40)}==`,
    after: "\""
  },
  { name: "a key in a URL", before: "https://h/v1?a=1&api_key=", secret: body(20), after: "&b=2" }
]

export const SecretForms = { body, hex, forms, pem }
