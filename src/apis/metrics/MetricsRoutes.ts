/** The HTTP face of metrics, where Prometheus looks for it. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Forbidden, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { Recorded } from "../../kernel/http/RouteAnnotations.ts"

const Text = Schema.String.annotate({
  description: "A line for each series, with its name, labels and value.",
  examples: ["strata_work_items{status=\"queued\"} 0\n"]
}).pipe(HttpApiSchema.asText({ contentType: "text/plain; version=0.0.4; charset=utf-8" }))

export class MetricsRoutes extends HttpApiGroup.make("metrics")
  .add(
    HttpApiEndpoint.get("metrics", "/metrics", { success: Text, error: [Forbidden, ServiceUnavailable] }).annotateMerge(
      OpenApi.annotations({
        identifier: "metrics",
        summary: "Metrics for Prometheus",
        description: "Requests by operation and status, calls by provider and model with their tokens and durations, " +
          "the log, work in the background and the process, in the Prometheus text format. Names and units are those " +
          "of OpenTelemetry where it has one. What is counted is read from the log when it is asked for, from the " +
          "start of this server on; of a log that several servers share, each counts all of it. With access rules, " +
          "for who may read the whole log."
      })
    )
  )
  .annotateEndpoints(Recorded, false)
  .annotateMerge(OpenApi.annotations({ title: "Metrics", description: "What monitoring systems read." }))
{}
