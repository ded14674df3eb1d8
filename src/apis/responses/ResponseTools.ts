/** The tools that a request names: functions are the client's; those of MCP servers are called here. */
import { Effect, Predicate, Redacted, Result } from "effect"
import type { Schema } from "effect"
import { Secrets } from "../../events/redaction/Secrets.ts"
import { isFields, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import type { SkillReference } from "../skills/Skills.ts"
import type { ToolHeaders, ToolRuntime, ToolServer } from "../tool-runtime/ToolRuntime.ts"
import * as FileSearch from "./FileSearch.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"

type Tool = Schema.JsonObject

/** An MCP server as a request names it. */
export interface McpServer {
  readonly server: ToolServer
  readonly headers: ToolHeaders
  readonly isAllowed: (tool: string) => boolean
  readonly needsApproval: (tool: string) => boolean
}

const remedies: Readonly<Record<string, string>> = {
  web_search: "no provider of web search is configured here; name an MCP server that searches, or a function tool",
  code_interpreter: "code is not run here; name an MCP server that runs it, or a function tool",
  image_generation: "images are not made here; name an MCP server that makes them, or a function tool"
}

const remedyOf = (type: string): string =>
  Object.entries(remedies).find(([name]) => type.startsWith(name))?.[1] ??
    "it is none of function, mcp and file_search, which are served here"

const namesIn = (filter: Schema.Json | undefined): ReadonlyArray<string> | undefined => {
  const names = isFields(filter) ? filter["tool_names"] : filter
  return Array.isArray(names) ? names.filter(Predicate.isString) : undefined
}

/** Which calls need an approval: all, unless the request says otherwise. */
const approvalOf = (given: Schema.Json | undefined): (tool: string) => boolean => {
  if (given === "never") return () => false
  if (!isFields(given)) return () => true
  const [always, never] = [namesIn(given["always"]), namesIn(given["never"])]
  return (tool) => always?.includes(tool) === true || never?.includes(tool) !== true
}

const allowedOf = (given: Schema.Json | undefined): (tool: string) => boolean => {
  const names = namesIn(given)
  return names === undefined ? () => true : (tool) => names.includes(tool)
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

const serverOf = (tool: Tool, at: number): Result.Result<McpServer, ResponseInvalid> => {
  const [label, url] = [textOrNull(tool["server_label"]), textOrNull(tool["server_url"])]
  if (label === null || label === "") {
    return Result.fail(
      invalid(
        `tools[${at}].server_label`,
        `tools[${at}].server_label: missing: name the MCP server, as its calls are to name it.`,
        "missing_required_parameter"
      )
    )
  }
  if (url === null || !URL.canParse(url) || !/^https?:/.test(url)) {
    const why = tool["connector_id"] === undefined
      ? "give the http or https address of the MCP server"
      : "connectors of OpenAI are not served here: give the address of an MCP server"
    return Result.fail(
      invalid(`tools[${at}].server_url`, `tools[${at}].server_url: ${why}.`, "missing_required_parameter")
    )
  }
  return Result.succeed({
    server: { label, url },
    headers: headersOf(tool),
    isAllowed: allowedOf(tool["allowed_tools"]),
    needsApproval: approvalOf(tool["require_approval"])
  })
}

const skillsIn = ({ environment }: Tool): Schema.Json | undefined =>
  isFields(environment) ? environment["skills"] : undefined

/** A shell is not there, but what its skills say can be told. */
export const namesSkills = (tool: Tool): boolean => tool["type"] === "shell" && objectsIn(skillsIn(tool)).length > 0

/** A skill that a request names, and where. */
export interface NamedSkill {
  readonly field: string
  readonly reference: SkillReference
}

const skillOf = (skill: Tool, field: string): Result.Result<NamedSkill, ResponseInvalid> => {
  const { skill_id, type, version } = skill
  if (type !== "skill_reference") {
    const message = `${field}.type: a skill is named here by skill_reference: upload it with POST /v1/skills first.`
    return Result.fail(invalid(`${field}.type`, message, "unsupported_value"))
  }
  if (!Predicate.isString(skill_id) || skill_id === "") {
    return Result.fail(
      invalid(`${field}.skill_id`, `${field}.skill_id: missing: name the skill.`, "missing_required_parameter")
    )
  }
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

/**
 * The MCP servers of a request; fails by a tool that nobody serves. A tool that Strata comes to serve (file_search) has its
 * branch here, and its tools in `ResponseRun.toolsOf`.
 */
export const serversOf = (
  tools: Schema.Json | undefined,
  /** The vendor's own tools are its vendor's. */
  isVendors: boolean
): Result.Result<ReadonlyArray<McpServer>, ResponseInvalid> =>
  Result.gen(function*() {
    const servers: Array<McpServer> = []
    for (const [at, tool] of objectsIn(tools).entries()) {
      const type = textOrNull(tool["type"]) ?? ""
      if (type === "function") {
        if (textOrNull(tool["name"]) === null) {
          return yield* Result.fail(
            invalid(`tools[${at}].name`, `tools[${at}].name: missing: name the function.`, "missing_required_parameter")
          )
        }
      } else if (type === "mcp") {
        const made = yield* serverOf(tool, at)
        if (servers.some(({ server }) => server.label === made.server.label)) {
          return yield* Result.fail(
            invalid(
              `tools[${at}].server_label`,
              `tools[${at}].server_label: ${made.server.label} is the label of another server: give each its own.`
            )
          )
        }
        servers.push(made)
      } else if (type === FileSearch.toolName) {
        if (!isVendors && !FileSearch.isOurs(tool)) return yield* Result.fail(FileSearch.refusal(tool, at))
      } else if (!isVendors && !namesSkills(tool)) {
        return yield* Result.fail(
          invalid(
            `tools[${at}].type`,
            `tools[${at}]: the tool ${type} can't be used: ${remedyOf(type)}.`,
            "unsupported_tool"
          )
        )
      }
    }
    return servers
  })

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

export const list = (runtime: ToolRuntime["Service"], { headers, isAllowed, server }: McpServer) =>
  Effect.map(
    runtime.list({ server, headers }),
    (tools) =>
      tools.filter(({ name }) => isAllowed(name)).map(({ description, input_schema, name }): ListedTool => ({
        name,
        description: description === "" ? null : description,
        input_schema,
        annotations: null
      }))
  )
