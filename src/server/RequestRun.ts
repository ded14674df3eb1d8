/** What is done for a request that is admitted: it runs as one of the kernel, and every failure is an answer. */
import { Cause, Effect } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import { parse } from "../events/types/JsonAccess.ts"
import type { Bytes } from "../kernel/bytes/Bytes.ts"
import * as HttpBytes from "../kernel/bytes/HttpBytes.ts"
import * as WholeBody from "../kernel/bytes/WholeBody.ts"
import type { Dialect } from "../kernel/dialects/Dialect.ts"
import * as BodyLimits from "../kernel/http/BodyLimits.ts"
import * as BodyValues from "../kernel/http/BodyValues.ts"
import type { Operation } from "../kernel/http/Operations.ts"
import type { Direct } from "../kernel/modules/BytesHandler.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"
import * as ProviderData from "../kernel/provider/ProviderData.ts"
import { CurrentRecording } from "../kernel/requests/Recording.ts"
import { Requests } from "../kernel/requests/Requests.ts"
import * as ErrorResponses from "./ErrorResponses.ts"
import * as OperationFinder from "./OperationFinder.ts"
import * as RequestBody from "./RequestBody.ts"
import type { Handler, Match, Route } from "./RequestContext.ts"
import * as RequestHeaders from "./RequestHeaders.ts"
import { ServerOptions } from "./ServerOptions.ts"

type Request = HttpServerRequest.HttpServerRequest
export type Answer = Effect.Effect<HttpServerResponse.HttpServerResponse>
type AnswerBytes = Effect.Effect<Bytes<unknown>>

interface RouteRun extends Route {
  readonly limits: BodyLimits.BodyLimits | undefined
}

/** `isReplayed`: what it says was masked, and read, when it was recorded. */
export type Run = (request: Request, match: Match | undefined, isReplayed: boolean) => Answer

const form = "multipart/form-data"
const json = "application/json"

const nothing = {}

const isJson = ({ headers }: Request): boolean => headers["content-type"]?.toLowerCase().startsWith(json) === true

/** The session that a path names. */
const sessionOf = (operation: Operation | undefined, params: Match["params"]): string | undefined =>
  operation?.sessionParameter === undefined ? undefined : params[operation.sessionParameter]

const toBytes = (answer: Answer): AnswerBytes => Effect.map(answer, HttpBytes.fromResponse)

export const make = Effect.gen(function*() {
  const requests = yield* Requests
  const { maxBodyBytes } = yield* ServerOptions
  const mostValues = yield* BodyValues.MostBodyValues
  const { aliases, operations } = yield* ServedApi
  const { allowedMethods } = OperationFinder.make(operations, aliases)
  const readProviderData = yield* ProviderData.ProviderDataReader
  const refusalOf = yield* RequestHeaders.makeRefusal

  /** How the answers of a route come about, in its dialect. */
  const answersIn = (dialect: Dialect | undefined) => {
    const failureOf = (error: unknown) =>
      ErrorResponses.inDialect(ErrorResponses.ofError(error, maxBodyBytes, allowedMethods), dialect)
    const failed = ErrorResponses.ofCause(failureOf)
    const complete = (response: HttpServerResponse.HttpServerResponse) =>
      Effect.succeed(
        response.status < 400 ? response : ErrorResponses.complete(response, maxBodyBytes, dialect)
      )
    const failedBytes = (cause: Cause.Cause<unknown>) => toBytes(failed(cause))
    return {
      failureOf,
      failedBytes,
      answering: { onSuccess: complete, onFailure: failed },
      answeringBytes: {
        onSuccess: (bytes: Bytes<unknown>) => Effect.succeed(HttpBytes.toResponse(bytes)),
        onFailure: failed
      },
      passing: {
        onSuccess: (bytes: Bytes<unknown>) =>
          bytes.status < 400 ? Effect.succeed(bytes) : toBytes(complete(HttpBytes.toResponse(bytes))),
        onFailure: failedBytes
      }
    }
  }

  type Answers = ReturnType<typeof answersIn>

  /** Only what has no more than it may is decoded. */
  const within = (
    limits: BodyLimits.BodyLimits,
    text: string,
    bytes: AnswerBytes,
    failed: Answers["failedBytes"]
  ): AnswerBytes =>
    Effect.withFiber((fiber) => {
      const recording = fiber.getRef(CurrentRecording)
      const refused = BodyLimits.refusalOf(limits, text, () =>
        recording === undefined ? parse(text) : recording.parse(text))
      return refused === undefined ? bytes : failed(Cause.fail(refused))
    })

  /** With its session, its recording and its commit. */
  const record = (
    { direct, limits, operation }: RouteRun,
    { answeringBytes, failedBytes, failureOf, passing }: Answers,
    bytes: AnswerBytes,
    request: Request,
    match: Match | undefined,
    { given, secrets }: ProviderData.ProviderData
  ): Answer => {
    const { headers, method, url } = request
    const { params = nothing, query = nothing } = match ?? {}
    const ofPath = sessionOf(operation, params)
    const asked = RequestHeaders.askedOf(headers, secrets)
    const run = (body: WholeBody.WholeBody, answer: AnswerBytes, continued?: string) =>
      requests.run(
        {
          operation,
          method,
          url,
          params,
          query,
          headers,
          body,
          ...asked,
          ...continued === undefined ? nothing : { continued },
          ...ofPath === undefined ? nothing : { session: ofPath }
        },
        RequestHeaders.carrying(headers, given, answer),
        failureOf
      )
    if (operation?.payload === undefined || operation.bodyPasses) {
      return Effect.matchCauseEffect(run("", bytes), answeringBytes)
    }
    // Who is asked directly gets the text; others may ask Effect's request for it again.
    const reading = direct === undefined ? RequestBody.ofEffect(request) : RequestBody.read(request, maxBodyBytes)
    const recorded = Effect.matchCauseEffect(reading, {
      onSuccess: (given) => {
        const body = WholeBody.of(given)
        if (typeof body !== "string") {
          // A form may bring files of any kind.
          return run(
            body,
            operation.contentTypes.includes(form) ? bytes : failedBytes(Cause.fail(ErrorResponses.notUtf8))
          )
        }
        const text = WholeBody.textOf(body)
        const tooMany = isJson(request) ? BodyValues.refusalOf(text, mostValues) : undefined
        // As what is too long: to keep it would hold up others, too.
        if (tooMany !== undefined) return run("", failedBytes(Cause.fail(tooMany)))
        if (direct !== undefined) {
          const answer = Effect.matchCauseEffect(direct(text), passing)
          const { sessionOf } = direct
          return sessionOf === undefined || asked.session !== undefined
            ? run(body, answer)
            : Effect.flatMap(sessionOf(text), (continued) => run(body, answer, continued))
        }
        // It is decoded once, whoever asks for it.
        Object.defineProperty(request, "text", { value: Effect.succeed(text) })
        return run(body, limits === undefined ? bytes : within(limits, text, bytes, failedBytes))
      },
      onFailure: (cause) => run("", failedBytes(cause))
    })
    return Effect.matchCauseEffect(recorded, answeringBytes)
  }

  /** Of what is not recorded. */
  const counted = (request: Request, answer: Answer, failed: (cause: Cause.Cause<unknown>) => Answer): Answer =>
    Effect.matchCauseEffect(RequestBody.ofEffect(request), {
      onSuccess: (bytes) => {
        const tooMany = BodyValues.refusalOf(WholeBody.textOf(bytes), mostValues)
        return tooMany === undefined ? answer : failed(Cause.fail(tooMany))
      },
      onFailure: failed
    })

  /** What is the same for each request of a route is made once. */
  const runOf = (served: Route, handler: Handler): Run => {
    const payload = served.operation?.payload
    const route: RouteRun = { ...served, limits: payload === undefined ? undefined : BodyLimits.of(payload) }
    const answers = answersIn(route.dialect)
    const { answering } = answers
    const answer = Effect.matchCauseEffect(handler, answering)
    const bytes = toBytes(answer)
    if (!route.isRecorded) {
      return (request) =>
        payload !== undefined && isJson(request) ? counted(request, answer, answering.onFailure) : answer
    }
    return (request, match, isReplayed) => {
      const { headers } = request
      if (isReplayed) return record(route, answers, bytes, request, match, ProviderData.empty)
      const refusal = refusalOf(headers, sessionOf(route.operation, match?.params ?? nothing))
      if (refusal !== undefined) {
        return Effect.succeed(ErrorResponses.toResponse(ErrorResponses.inDialect(refusal, route.dialect)))
      }
      const given = headers[ProviderData.header]
      return given === undefined
        ? record(route, answers, bytes, request, match, ProviderData.empty)
        : Effect.matchCauseEffect(readProviderData(given), {
          onSuccess: (data) => record(route, answers, bytes, request, match, data),
          onFailure: answering.onFailure
        })
    }
  }

  /** The same answers where nothing came over HTTP: within a request that somebody else records. */
  const askedDirectly = (direct: Direct, dialect: Dialect | undefined) => {
    const { passing } = answersIn(dialect)
    return (text: string): AnswerBytes => Effect.matchCauseEffect(direct(text), passing)
  }

  return { runOf, askedDirectly, failed: answersIn(undefined).answering.onFailure }
})
