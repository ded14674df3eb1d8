/** `true` or `false` in a query string, which documents show as the boolean that it is. */
import { Effect, Schema, SchemaGetter } from "effect"

/**
 * Absent: false.
 *
 * @example
 * const Query = Schema.Struct({ follow: flag({ description: "true: stay, and send new events." }) })
 */
export const flag = ({ description }: { readonly description: string }) =>
  Schema.Literals(["true", "false"]).pipe(
    Schema.decodeTo(Schema.Boolean, {
      decode: SchemaGetter.transform((text) => text === "true"),
      encode: SchemaGetter.transform((value) => value ? "true" as const : "false" as const)
    }),
    Schema.withDecodingDefaultKey(Effect.succeed("false" as const))
  ).annotate({ description, examples: [true] })
