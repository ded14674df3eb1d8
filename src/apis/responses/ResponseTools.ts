/** The tools that a request names: functions are the client's; those of MCP servers are called here. */
import { Effect, Predicate, Redacted, Result } from "effect"
import type { Schema } from "effect"
import { Secrets } from "../../events/redaction/Secrets.ts"
import { isFields, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import { tableOf } from "../../events/types/Table.ts"
import type { SkillReference } from "../skills/Skills.ts"
import type { ToolGroups } from "../tool-groups/ToolGroups.ts"
import type { ToolHeaders, ToolRuntime, ToolServer } from "../tool-runtime/ToolRuntime.ts"
import * as FileSearch from "./FileSearch.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"
import * as WebSearch from "./WebSearch.ts"

type Tool = Schema.JsonObject

/** An MCP server as a request names it. */
export interface McpServer {
  /** As its calls name it. */
  readonly label: string
  /** At an address, or the tool group that is registered as a connector. */
  readonly place: { readonly server: ToolServer } | { readonly group: string }
  /** Of its tool among those of the request. */
  readonly at: number
  readonly headers: ToolHeaders
  readonly isAllowed: (tool: ListedTool) => boolean
  readonly needsApproval: (tool: ListedTool) => boolean
}

const remedies = tableOf<string>({
  code_interpreter: "code is not run here; name an MCP server that runs it, or a function tool",
  image_generation: "images are not made here; name an MCP server that makes them, or a function tool"
})

const remedyOf = (type: string): string =>
  Object.entries(remedies).find(([name]) => type.startsWith(name))?.[1] ??
    "it is none of function, custom, mcp, file_search and web_search, which are served here"

/** Whether a filter is of a tool; undefined: it says nothing. Both of what it says must hold. */
const filterOf = (filter: Schema.Json | undefined): ((tool: ListedTool) => boolean) | undefined => {
  const given = isFields(filter) ? filter["tool_names"] : filter
  const names = Array.isArray(given) ? new Set(given.filter(Predicate.isString)) : undefined
  const isReadOnly = isFields(filter) && Predicate.isBoolean(filter["read_only"]) ? filter["read_only"] : undefined
  if (names === undefined && isReadOnly === undefined) return undefined
  return ({ annotations, name }) =>
    names?.has(name) !== false &&
    (isReadOnly === undefined || isReadOnly === (isFields(annotations) && annotations["readOnlyHint"] === true))
}

/** Which calls need an approval: all, unless the request says otherwise. */
const approvalOf = (given: Schema.Json | undefined): McpServer["needsApproval"] => {
  if (given === "never") return () => false
  if (!isFields(given)) return () => true
  const [always, never] = [filterOf(given["always"]), filterOf(given["never"])]
  return (tool) => always?.(tool) === true || never?.(tool) !== true
}

const headersOf = (tool: Tool): ToolHeaders => {
  const { authorization, headers } = tool
  const given = isFields(headers)
    ? Object.entries(headers).filter((each): each is [string, string] => Predicate.isString(each[1]))
    : []
  const token = textOrNull(authorization)
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), Redacted.make(value)])),
    ...token === null ? {} : { authorization: Redacted.make(/^\w+ /.test(token) ? token : `Bearer ${token}`) }
  }
}

const missing = (field: string, what: string) =>
  Result.fail(invalid(field, `${field}: missing: ${what}.`, "missing_required_parameter"))

const serverOf = (tool: Tool, at: number): Result.Result<McpServer, ResponseInvalid> => {
  const [label, url] = [textOrNull(tool["server_label"]), textOrNull(tool["server_url"])]
  if (label === null || label === "") {
    return missing(`tools[${at}].server_label`, "name the MCP server, as its calls are to name it")
  }
  const connector = textOrNull(tool["connector_id"])
  if (connector !== null && url !== null) {
    return Result.fail(
      invalid(
        `tools[${at}].connector_id`,
        `tools[${at}].connector_id: give it or server_url, not both: each says where the tools are.`,
        "mutually_exclusive_parameters"
      )
    )
  }
  if (connector === null && (url === null || !URL.canParse(url) || !/^https?:/.test(url))) {
    return Result.fail(
      invalid(
        `tools[${at}].server_url`,
        `tools[${at}].server_url: give the http or https address of the MCP server, or the connector_id of one that is ` +
          "registered here.",
        "missing_required_parameter"
      )
    )
  }
  return Result.succeed({
    label,
    place: connector === null ? { server: { label, url: url! } } : { group: connector },
    at,
    headers: headersOf(tool),
    isAllowed: filterOf(tool["allowed_tools"]) ?? (() => true),
    needsApproval: approvalOf(tool["require_approval"])
  })
}

/** Fails by a connector that is not registered here, or stands for no MCP server. */
export const checkConnectors = (groups: ToolGroups["Service"] | undefined, servers: ReadonlyArray<McpServer>) =>
  servers.length === 0 ? Effect.void : Effect.forEach(servers, ({ at, place }) => {
    if (!("group" in place) || groups === undefined) return Effect.void
    const absent = invalid(
      `tools[${at}].connector_id`,
      `tools[${at}].connector_id: there is no connector ${place.group} here: GET /v1beta/connectors lists those there ` +
        "are, and a tool group with an mcp_endpoint is one. Or give a server_url.",
      "unknown_connector"
    )
    return groups.get(place.group).pipe(
      Effect.catchTag("ResourceNotFound", () => Effect.fail(absent)),
      Effect.flatMap(({ mcp_endpoint }) => mcp_endpoint === undefined ? Effect.fail(absent) : Effect.void)
    )
  }, { discard: true })

const skillsIn = ({ environment }: Tool): Schema.Json | undefined =>
  isFields(environment) ? environment["skills"] : undefined

/** A shell is not there, but what its skills say can be told. */
export const namesSkills = (tool: Tool): boolean => tool["type"] === "shell" && objectsIn(skillsIn(tool)).length > 0

/** A skill that a request names, or brings, and where. */
export type NamedSkill =
  | { readonly field: string; readonly reference: SkillReference }
  | {
    readonly field: string
    /** A zip archive. */
    readonly archive: Uint8Array
    readonly name: string
    readonly description: string
  }

/** A skill that stands in the request: its files as a zip archive in base64. */
const broughtSkill = (
  { description, name, source }: Tool,
  field: string
): Result.Result<NamedSkill, ResponseInvalid> => {
  if (!Predicate.isString(name) || name === "") return missing(`${field}.name`, "say what the skill is called")
  if (!Predicate.isString(description)) return missing(`${field}.description`, "say what the skill is for")
  const { data, media_type, type } = isFields(source) ? source : {}
  if (type !== "base64" || media_type !== "application/zip") {
    const message =
      `${field}.source: give the skill's files as {"type": "base64", "media_type": "application/zip", "data"}.`
    return Result.fail(invalid(`${field}.source`, message, "unsupported_value"))
  }
  const packed = Predicate.isString(data) ? data.replaceAll(/\s+/g, "") : ""
  return /^[A-Za-z0-9+/]+={0,2}$/.test(packed)
    ? Result.succeed({ field: `${field}.source.data`, archive: Buffer.from(packed, "base64"), name, description })
    : Result.fail(invalid(`${field}.source.data`, `${field}.source.data: it is no base64 of a zip archive.`))
}

const skillOf = (skill: Tool, field: string): Result.Result<NamedSkill, ResponseInvalid> => {
  const { skill_id, type, version } = skill
  if (type === "inline") return broughtSkill(skill, field)
  if (type !== "skill_reference") {
    const message = `${field}.type: a skill is a skill_reference, or inline: name one that was uploaded, or bring it.`
    return Result.fail(invalid(`${field}.type`, message, "unsupported_value"))
  }
  if (!Predicate.isString(skill_id) || skill_id === "") return missing(`${field}.skill_id`, "name the skill")
  const given = Predicate.isNumber(version) ? String(version) : textOrNull(version)
  return Result.succeed({ field: `${field}.skill_id`, reference: { skill_id, version: given } })
}

/** The skills that the environments of a request's shells name. */
export const skillsOf = (
  tools: Schema.Json | undefined
): Result.Result<ReadonlyArray<NamedSkill>, ResponseInvalid> =>
  Result.all(
    objectsIn(tools).flatMap((tool, at) =>
      namesSkills(tool)
        ? objectsIn(skillsIn(tool)).map((skill, index) => skillOf(skill, `tools[${at}].environment.skills[${index}]`))
        : []
    )
  )

/** More servers than are asked for one response; undefined: no more. */
export const tooMany = (tools: Schema.Json | undefined, most: number): ResponseInvalid | undefined => {
  const count = objectsIn(tools).filter(({ type }) => type === "mcp" || type === FileSearch.toolName).length
  return count <= most ? undefined : invalid(
    "tools",
    `tools: ${count} MCP servers and file searches, and at most ${most} are asked for one response ` +
      "(server.max_tool_servers): leave some out.",
    "array_above_max_length"
  )
}

/**
 * The MCP servers of a request; fails by a tool that nobody serves. A tool that Strata comes to serve (file_search) has its
 * branch here, and its tools in `ResponseRun.toolsOf`. Whether anybody searches the web is found out by `WebSearch.planOf`.
 */
export const serversOf = (
  tools: Schema.Json | undefined,
  /** The vendor's own tools are its vendor's. */
  isVendors: boolean,
  here: FileSearch.StoresHere
): Result.Result<ReadonlyArray<McpServer>, ResponseInvalid> => {
  const servers = new Map<string, McpServer>()
  for (const [at, tool] of objectsIn(tools).entries()) {
    const type = textOrNull(tool["type"]) ?? ""
    if (type === "function" || type === "custom") {
      if (textOrNull(tool["name"]) === null) {
        return missing(`tools[${at}].name`, `name the ${type === "custom" ? "tool" : type}`)
      }
    } else if (type === "mcp") {
      const made = serverOf(tool, at)
      if (Result.isFailure(made)) return Result.fail(made.failure)
      const { label } = made.success
      if (servers.has(label)) {
        return Result.fail(
          invalid(
            `tools[${at}].server_label`,
            `tools[${at}].server_label: ${label} is the label of another server: give each its own.`
          )
        )
      }
      servers.set(label, made.success)
    } else if (type === FileSearch.toolName) {
      if (!isVendors && !here.isOurs(tool)) return Result.fail(FileSearch.refusal(tool, at, here))
    } else if (!isVendors && !namesSkills(tool) && !WebSearch.isTool(tool)) {
      return Result.fail(
        invalid(
          `tools[${at}].type`,
          `tools[${at}]: the tool ${type} can't be used: ${remedyOf(type)}.`,
          "unsupported_tool"
        )
      )
    }
  }
  return Result.succeed([...servers.values()])
}

/** What authenticates at the MCP servers that a request names, however much is wrong with it. */
export const secretsIn = (tools: Schema.Json | undefined): Secrets | undefined => {
  const named = objectsIn(tools).filter(({ authorization, headers }) => authorization != null || headers != null)
  if (named.length === 0) return undefined
  const secrets = new Secrets()
  for (const header of named.flatMap((tool) => Object.values(headersOf(tool)))) {
    const value = Redacted.value(header)
    secrets.add(value)
    secrets.add(value.replace(/^\w+\s+/, ""))
  }
  return secrets
}

/** A tool of a server, as it is listed. */
export interface ListedTool {
  readonly name: string
  readonly description: string | null
  readonly input_schema: Schema.JsonObject
  readonly annotations: Schema.Json
}

export const list = (runtime: ToolRuntime["Service"], { headers, isAllowed, place }: McpServer) =>
  Effect.map(
    runtime.list({ ..."server" in place ? place : { groups: [place.group] }, headers }),
    (tools) =>
      tools.map(({ annotations, description, input_schema, name }): ListedTool => ({
        name,
        description: description === "" ? null : description,
        input_schema,
        annotations: (annotations ?? null) as Schema.Json
      })).filter(isAllowed)
  )
