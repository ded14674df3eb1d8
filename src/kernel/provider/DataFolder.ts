/** The folder of everything this server stores, for providers that keep something beside the log. */
import { Context } from "effect"

export const CurrentDataFolder = Context.Reference<string>("strata/kernel/provider/DataFolder/CurrentDataFolder", {
  defaultValue: () => ".strata"
})
