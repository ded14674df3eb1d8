import { make } from "../src/kernel/config/ConfigurationJsonSchema.ts"
import { registry } from "../src/providers/Registry.ts"
console.log(JSON.stringify(make(registry), null, 1))
