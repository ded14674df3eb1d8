/** A vendor that speaks Chat Completions, as an entry of data. */
import { Schema } from "effect"
import type * as LlamaStackFields from "../../../apis/inference/LlamaStackFields.ts"
import { ignored, url } from "../../../apis/inference/LlamaStackFields.ts"
import * as VendorFields from "../../../apis/inference/VendorFields.ts"
import type * as VendorOperations from "../../../apis/inference/VendorOperations.ts"
import * as VendorProvider from "../../../apis/inference/VendorProvider.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import type * as Provider from "../../../kernel/provider/Provider.ts"

export interface Entry extends Pick<VendorProvider.Wire, "models">, VendorOperations.Operations {
  readonly type: `remote::${string}`
  readonly displayName: string
  readonly description: string
  /** Where the vendor is, or where its server usually listens; absent: `example` says how an address is written. */
  readonly base_url?: string
  readonly example?: string
  /** What an address without a path gets; default: the path of `base_url`. */
  readonly path?: string
  readonly keyVariable: string
  readonly needsKey?: VendorProvider.NeedsKey
  /** A name of base_url in a run.yaml besides `url`. */
  readonly urlName?: string
  /** Its configuration may say `append_api_version: false`: an address without a path is asked as it is. */
  readonly appendsVersion?: boolean
  readonly withoutEffect?: LlamaStackFields.WithoutEffect
  /** Whether it chats; default: yes. */
  readonly chats?: boolean
  /** What it can do besides. */
  readonly capabilities?: ReadonlyArray<string>
  /** The public document it is written from. */
  readonly document: string
  readonly status?: Provider.Status
}

const versionAppended = Schema.optionalKey(Schema.Json).annotate({
  description: "false: an address without a path is asked as it is. Default true: it gets /v1."
}).pipe(FieldPrompt.annotate({ hidden: true }))

const configOf = (entry: Entry) => {
  const { appendsVersion = false, base_url, example = "", keyVariable, urlName, withoutEffect = {} } = entry
  const common = base_url === undefined
    ? VendorFields.fieldsWithoutUrl({ example, keyVariable })
    : VendorFields.fields({ base_url, keyVariable })
  const more = [
    ...Object.keys(withoutEffect).map((name) => [name, ignored]),
    ...appendsVersion ? [["append_api_version", versionAppended]] : [],
    ...urlName === undefined ? [] : [[urlName, url]]
  ]
  return Schema.Struct({ ...common, ...Object.fromEntries(more) as object })
}

const pathOf = (base_url: string): string => new URL(base_url).pathname.replace(/\/+$/, "")

/** An address without a path is that of a server: the API begins behind it. `append_api_version` false: it does not. */
const completed = (path: string) => (config: VendorFields.Config): string => {
  const { base_url = "" } = config
  const isAsWritten = /^false$/i.test(String(Object(config).append_api_version))
  if (isAsWritten || path === "" || !URL.canParse(base_url) || pathOf(base_url) !== "") return base_url
  const { hash, origin, search } = new URL(base_url)
  return `${origin}${path}${search}${hash}`
}

const capabilitiesOf = (
  { capabilities = [], chats = true, completions = false, embeddings, media = [], rerank }: Entry
) => [
  ...chats ? ["chat_completions", "streaming", "tools"] : [],
  ...completions ? ["completions"] : [],
  ...embeddings === undefined ? [] : ["embeddings"],
  ...rerank === undefined ? [] : ["rerank"],
  ...media,
  ...capabilities
]

export const make = (entry: Entry) => {
  const { base_url, models, path = base_url === undefined ? "" : pathOf(base_url), ...about } = entry
  return VendorProvider.make<VendorFields.Config>({
    ...about,
    capabilities: capabilitiesOf(entry),
    ...base_url === undefined ? {} : { base_url },
    config: configOf(entry),
    address: completed(path),
    wire: () => ({ dialect: chat, ...models === undefined ? {} : { models } }),
    status: entry.status ?? { status: "fixture", against: entry.document }
  })
}
