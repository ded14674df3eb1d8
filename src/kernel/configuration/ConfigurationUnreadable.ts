/** The error of a configuration file whose text cannot be had at all. */
import { Schema } from "effect"

const remedies = {
  "not found": "there is no such file. Check the path, or create the file",
  "is a folder": "it is a folder. Name the file inside it",
  "permission": "this user may not read it. Give it read permission",
  "other": "the operating system could not read it. Check that it is an ordinary file on a healthy disk"
} as const

export class ConfigurationUnreadable extends Schema.TaggedError<ConfigurationUnreadable>()("ConfigurationUnreadable", {
  file: Schema.String,
  reason: Schema.Literals(["not found", "is a folder", "permission", "other"])
}) {
  override get message(): string {
    return `Cannot read the configuration ${this.file}: ${remedies[this.reason]}.`
  }
}
