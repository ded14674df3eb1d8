/** Binds the endpoints of consumer groups to the `ConsumerGroups` service. */
import { Effect } from "effect"
import * as ApiHandlers from "../../kernel/modules/ApiHandlers.ts"
import { failures } from "./ConsumerGroupErrors.ts"
import { ConsumerGroups } from "./ConsumerGroups.ts"
import { ConsumerGroupsRoutes } from "./ConsumerGroupsRoutes.ts"

const mapped = failures.mapErrors()

export const ConsumerGroupsHandlers = ApiHandlers.make(
  ConsumerGroupsRoutes,
  Effect.fn(function*(handlers) {
    const groups = yield* ConsumerGroups
    return handlers.handleAll({
      listConsumerGroups: () => mapped(Effect.map(groups.list, (data) => ({ object: "list" as const, data }))),
      retrieveConsumerGroup: ({ params }) => mapped(groups.get(params.consumer_group)),
      acknowledgeConsumerGroup: ({ params, payload, query }) =>
        mapped(groups.acknowledge(params.consumer_group, payload.position, query.reset)),
      deleteConsumerGroup: ({ params }) =>
        mapped(
          Effect.as(groups.remove(params.consumer_group), {
            id: params.consumer_group,
            object: "consumer_group.deleted" as const,
            deleted: true as const
          })
        )
    })
  })
)
