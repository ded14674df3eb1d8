/** Where a vendor's tools run code and commands. Strata runs none itself. */
import { Schema } from "effect"
import { among, either, given, is, list, maybe, maybeNull, object, variants } from "../../DescribedFields.ts"

const domainSecret = object("ResponseDomainSecret", "A secret that goes to one domain alone.", () => ({
  domain: given(Schema.String, "The domain.", "api.example.org"),
  name: given(Schema.String, "What the container calls it.", "API_KEY"),
  value: given(Schema.String, "The secret.")
}))

const networkPolicy = variants("ResponseNetworkPolicy", "What of the network a container reaches.", () => [
  object("ResponseNoNetwork", "Nothing.", () => ({ type: is("disabled") }))(),
  object("ResponseNetworkAllowlist", "These domains.", () => ({
    type: is("allowlist"),
    allowed_domains: given(list(Schema.String), "The domains.", ["api.example.org"]),
    domain_secrets: maybe(list(domainSecret()), "Secrets for them.")
  }))()
])

const container = () => ({
  file_ids: maybe(list(Schema.String), "Files that lie in it.", ["file-6f0a1c"]),
  memory_limit: maybeNull(among("1g", "4g", "16g", "64g"), "Its memory. Default 1g.", "4g"),
  network_policy: maybe(networkPolicy(), "What of the network it reaches. Default: nothing.")
})

export const automaticContainer = object("ResponseAutomaticContainer", "A container that the vendor makes.", () => ({
  type: is("auto"),
  ...container()
}))

const skillReference = object("ResponseSkillReference", "A skill by its id, as GET /v1/skills lists it.", () => ({
  type: is("skill_reference"),
  skill_id: given(Schema.String, "The skill, up to 64 characters.", "skill_6f0a1c"),
  version: maybe(Schema.String, "Its version, or `latest`. Default: the skill's own default.", "2")
}))

const zip = object("ResponseSkillSource", "The bytes of a skill.", () => ({
  type: is("base64"),
  media_type: is("application/zip"),
  data: given(Schema.String, "The ZIP's bytes in base64.", "UEsDBA==")
}))

const inlineSkill = object("ResponseInlineSkill", "A skill with its bytes.", () => ({
  type: is("inline"),
  name: given(Schema.String, "Its name.", "weather"),
  description: given(Schema.String, "What it is for.", "How to say what the weather is."),
  source: given(zip(), "Its files.")
}))

const localSkill = object("ResponseLocalSkill", "A skill that lies where the client runs commands.", () => ({
  name: given(Schema.String, "Its name.", "weather"),
  description: given(Schema.String, "What it is for.", "How to say what the weather is."),
  path: given(Schema.String, "Where it lies.", "skills/weather")
}))

export const shellContainer = object(
  "ResponseShellContainer",
  "A container that the vendor makes for a shell.",
  () => ({
    type: is("container_auto"),
    ...container(),
    skills: maybe(list(either(skillReference(), inlineSkill())), "Skills that lie in it.")
  })
)

export const localEnvironment = object("ResponseLocalEnvironment", "The client runs the commands.", () => ({
  type: is("local"),
  skills: maybe(list(localSkill()), "Skills that lie there.")
}))

export const containerReference = object("ResponseContainerReference", "A container that is there already.", () => ({
  type: is("container_reference"),
  container_id: given(Schema.String, "The container.", "cntr_6f0a1c")
}))
