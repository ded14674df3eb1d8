/** Binds the endpoints of consumer groups to the `ConsumerGroups` service. */
import { Effect } from "effect"
import { accessDenied, eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import { BadRequest, Conflict, envelope, NotFound } from "../../kernel/http/HttpErrors.ts"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import type { ConsumerGroupBusy, ConsumerGroupNotFound, PositionAhead, PositionBehind } from "./ConsumerGroups.ts"
import { ConsumerGroups } from "./ConsumerGroups.ts"
import { ConsumerGroupsRoutes } from "./ConsumerGroupsRoutes.ts"

const notFound = ({ message }: ConsumerGroupNotFound) =>
  new NotFound(envelope(message, { param: "consumer_group", code: "consumer_group_not_found" }))

const ahead = ({ message }: PositionAhead) =>
  new BadRequest(envelope(message, { param: "position", code: "position_ahead_of_log" }))

const behind = ({ message }: PositionBehind) =>
  new Conflict(envelope(message, { param: "position", code: "position_behind_group" }))

const busy = ({ message }: ConsumerGroupBusy) =>
  new Conflict(envelope(message, { param: "consumer_group", code: "consumer_group_busy" }))

export const ConsumerGroupsHandlers = ApiHandlers.make(
  ConsumerGroupsRoutes,
  Effect.fn(function*(handlers) {
    const groups = yield* ConsumerGroups
    return handlers.handleAll({
      listConsumerGroups: () =>
        groups.list.pipe(
          Effect.map((data) => ({ object: "list" as const, data })),
          Effect.mapError(eventLogUnavailable)
        ),
      retrieveConsumerGroup: ({ params }) =>
        groups.get(params.consumer_group).pipe(
          Effect.mapError((error) =>
            error._tag === "ConsumerGroupNotFound" ? notFound(error) : eventLogUnavailable(error)
          )
        ),
      acknowledgeConsumerGroup: ({ params, payload, query }) =>
        groups.acknowledge(params.consumer_group, payload.position, query.reset === "true").pipe(
          Effect.catchTags({
            PositionAhead: (error) => Effect.fail(ahead(error)),
            PositionBehind: (error) => Effect.fail(behind(error)),
            ConsumerGroupBusy: (error) => Effect.fail(busy(error)),
            AccessDenied: (error) => Effect.fail(accessDenied(error)),
            EventLogUnavailable: (error) => Effect.fail(eventLogUnavailable(error))
          })
        ),
      deleteConsumerGroup: ({ params }) =>
        groups.remove(params.consumer_group).pipe(
          Effect.as({ id: params.consumer_group, object: "consumer_group.deleted" as const, deleted: true as const }),
          Effect.catchTags({
            ConsumerGroupNotFound: (error) => Effect.fail(notFound(error)),
            AccessDenied: (error) => Effect.fail(accessDenied(error)),
            EventLogUnavailable: (error) => Effect.fail(eventLogUnavailable(error))
          })
        )
    })
  })
)
