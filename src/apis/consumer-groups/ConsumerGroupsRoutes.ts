/** The HTTP face of consumer groups. */
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { BadRequest, Conflict, Forbidden, NotFound, ServiceUnavailable } from "../../kernel/http/HttpErrors.ts"
import { parameters } from "../../kernel/http/Parameters.ts"
import { Recorded } from "../../kernel/http/RouteAnnotations.ts"
import {
  Acknowledgement,
  AcknowledgementQuery,
  ConsumerGroup,
  ConsumerGroupList,
  DeletedConsumerGroup,
  GroupName
} from "./ConsumerGroupsModels.ts"

const params = { consumer_group: GroupName }

/** To look and to acknowledge is not recorded: a consumer must not make events for itself. */
export class ConsumerGroupsRoutes extends HttpApiGroup.make("consumer_groups")
  .add(
    HttpApiEndpoint.get("listConsumerGroups", "/consumer_groups", {
      success: ConsumerGroupList,
      error: [ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "listConsumerGroups",
      summary: "List consumer groups",
      description: "Every named subscription that may be read, and how far behind the log it is."
    })),
    HttpApiEndpoint.get("retrieveConsumerGroup", "/consumer_groups/:consumer_group", {
      params,
      success: ConsumerGroup,
      error: [BadRequest, NotFound, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "retrieveConsumerGroup",
      summary: "Retrieve a consumer group",
      description: "Where one named subscription has come to.",
      transform: parameters({ fields: params })
    })),
    HttpApiEndpoint.put("acknowledgeConsumerGroup", "/consumer_groups/:consumer_group", {
      params,
      query: AcknowledgementQuery,
      payload: Acknowledgement,
      success: ConsumerGroup,
      error: [BadRequest, Forbidden, Conflict, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "acknowledgeConsumerGroup",
      summary: "Store how far a consumer group has come",
      description:
        "To be sent when events were handled. `GET /v1/events?consumer_group=…` begins behind this position: " +
        "each event comes at least once, also after a crash of the consumer or of Strata. The first position makes the " +
        "group, and it belongs to who stored it. A position before the group's is 409 without `reset=true`. A name that " +
        "is somebody else's is 403, as one that the rules do not let be used.",
      transform: parameters({ fields: params }, AcknowledgementQuery)
    }))
  )
  .annotateEndpoints(Recorded, false)
  .add(
    HttpApiEndpoint.delete("deleteConsumerGroup", "/consumer_groups/:consumer_group", {
      params,
      success: DeletedConsumerGroup,
      error: [BadRequest, Forbidden, NotFound, ServiceUnavailable]
    }).annotateMerge(OpenApi.annotations({
      identifier: "deleteConsumerGroup",
      summary: "Delete a consumer group",
      description: "Its position is forgotten; a group of the same name begins at the beginning.",
      transform: parameters({ fields: params })
    }))
  )
  .prefix("/v1")
  .annotateMerge(OpenApi.annotations({
    title: "Consumer groups",
    description: "Named subscriptions to the event log, whose positions are stored with it."
  }))
{}
