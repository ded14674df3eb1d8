/** Forms as routes declare them: their handlers read the bytes, which are as long as any body may be. */
import type { Schema } from "effect"
import { HttpApiSchema } from "effect/http-api"

export const form = <S extends Schema.Top>(schema: S) =>
  schema.pipe(HttpApiSchema.asMultipartStream({
    maxFileSize: Number.MAX_SAFE_INTEGER,
    maxTotalSize: Number.MAX_SAFE_INTEGER,
    fieldMimeTypes: []
  }))
