/** Every operation of an API, read off the route definitions. */
import { Context } from "effect"
import { SchemaAST } from "effect"
import type { Schema } from "effect"
import type { HttpApiGroup } from "effect/http-api"
import { HttpApi, OpenApi } from "effect/http-api"
import {
  BodyPasses,
  OpensSession,
  Public,
  Recorded,
  RunsAgain,
  SessionParameter,
  SlashesInLastParameter
} from "./RouteAnnotations.ts"

export interface Operation {
  /** The OpenAPI operation id. */
  readonly id: string
  readonly method: string
  /** With parameters as `:name`. */
  readonly path: string
  readonly group: string
  readonly summary: string
  readonly recorded: boolean
  /** Without authentication and quota. */
  readonly public: boolean
  readonly opensSession: boolean
  readonly runsAgain: boolean
  readonly slashesInLastParameter: boolean
  /** Its body is read by its handler alone, and stands in no event. */
  readonly bodyPasses: boolean
  /** The path parameter that names its session; undefined: the header does. */
  readonly sessionParameter: string | undefined
  readonly params: Schema.Top | undefined
  readonly query: Schema.Top | undefined
  readonly payload: Schema.Top | undefined
  /** Of the answer that is JSON; undefined where there is none. */
  readonly success: Schema.Top | undefined
  /** Those its body may have; empty: it takes none. */
  readonly contentTypes: ReadonlyArray<string>
  readonly successStatuses: ReadonlyArray<number>
  readonly errorStatuses: ReadonlyArray<number>
}

/** The Schema of an answer that is one JSON object. */
const successOf = (successes: ReadonlyMap<number, ReadonlyArray<Schema.Top>>): Schema.Top | undefined =>
  [...successes.values()].flat().find(({ ast }) => SchemaAST.isObjects(ast))

export const operationsOf = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyArray<Operation> => {
  const operations: Array<Operation> = []
  HttpApi.reflect(api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, errors, group, mergedAnnotations, successes }) => {
      operations.push({
        id: Context.getOrUndefined(endpoint.annotations, OpenApi.Identifier) ?? endpoint.identifier,
        method: endpoint.method,
        path: endpoint.path,
        group: group.identifier,
        summary: Context.getOrUndefined(endpoint.annotations, OpenApi.Summary) ?? "",
        recorded: Context.get(mergedAnnotations, Recorded),
        public: Context.get(mergedAnnotations, Public),
        opensSession: Context.get(mergedAnnotations, OpensSession),
        runsAgain: Context.get(mergedAnnotations, RunsAgain) ?? Context.get(mergedAnnotations, OpensSession),
        slashesInLastParameter: Context.get(mergedAnnotations, SlashesInLastParameter),
        bodyPasses: Context.get(mergedAnnotations, BodyPasses),
        sessionParameter: Context.get(mergedAnnotations, SessionParameter),
        params: endpoint.params,
        query: endpoint.query,
        payload: endpoint.payload.values().next().value?.schemas[0],
        success: successOf(successes),
        contentTypes: [...endpoint.payload.keys()],
        successStatuses: [...successes.keys()],
        errorStatuses: [...errors.keys()]
      })
    }
  })
  return operations
}

/** The path as OpenAPI writes it: `/v1/models/{model_id}`. */
export const openApiPath = (path: string): string => path.replaceAll(/:(\w+)/g, "{$1}")
