import type { IncomingMessage, ServerResponse } from 'node:http'
import { fastify } from 'fastify'
import { doorPath } from '../connect/index.ts'
import { Fault } from '../errors.ts'
import { isSecure } from '../portals/index.ts'
import { bounds } from './bounds.ts'
import { isDoubled } from './cookies.ts'
import { getRoutes } from './gets.tsx'
import { guardPost, noteDoubled, noteMalformed, visitFrom } from './guard.ts'
import { contentPolicy, setSecurityHeaders } from './headers.ts'
import { placesOf } from './place.ts'
import { postRoutes } from './posts.ts'
import { faultAnswer, troubleAnswer } from './trouble.tsx'
import type { Answer, Doors, Handler, Visit } from './visit.ts'

export type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** Everything that people and applications ask, as one function of node:http. */
export async function webListener(doors: Doors): Promise<Listener> {
  const placeOf = placesOf(doors.house.portals.values())
  const app = await prepared(doors)
  const failed = (error: unknown, request: IncomingMessage, response: ServerResponse, visit?: Visit): void => {
    if (response.headersSent) response.destroy()
    else send(response, faultAnswer(doors, visit, error), request)
  }
  return (request, response) => {
    if (request.url?.startsWith(doorPath)) return underHost(doors, request, response, failed)
    const place = placeOf(request.headers.host, request.url)
    setSecurityHeaders(response, place.place === 'portal' && isSecure(place.portal))
    // A proxy may have read the other one of two.
    if (isNamedTwice('host', request)) return plain(response, 400, 'This request names more than one host.')
    if (place.place === 'unknown-host') return plain(response, 421, 'This host is not known here.')
    if (place.place === 'no-path') return plain(response, 404, 'This page does not exist.')
    if (doors.assets.serve((request.url ?? '').split('?')[0] ?? '', request, response)) return
    if (place.place === 'host') return plain(response, 404, 'This page does not exist.')
    const { portal, path, search } = place
    if (isDoubled(portal, request))
      noteDoubled(visitFrom(doors, portal, request, response)).catch((err: unknown) =>
        doors.house.log.error({ err }, 'a cookie that came twice was not written down'),
      )
    doors.connect.handle(portal, path, request, response).then(
      (isProtocol) => {
        if (isProtocol) return
        request.url = `/${portal.id}${path === '/' ? '' : path}${search ? `?${search}` : ''}`
        app.routing(request, response)
      },
      (error: unknown) => failed(error, request, response, visitFrom(doors, portal, request, response)),
    )
  }
}

/** What a protected host hands on, and what its proxy asks before each request: nothing is done here that can be left out. */
function underHost(
  { forward }: Doors,
  request: IncomingMessage,
  response: ServerResponse,
  failed: (error: unknown, request: IncomingMessage, response: ServerResponse) => void,
): void {
  try {
    const answering = forward(request, response)
    if (answering) answering.catch((error: unknown) => failed(error, request, response))
  } catch (error) {
    failed(error, request, response)
  }
}

/** The router and the reading of forms; what a request means stands in the tables of gets.tsx and posts.ts. */
async function prepared(doors: Doors) {
  const app = fastify({
    logger: false,
    bodyLimit: bounds.formBytes,
    exposeHeadRoutes: true,
    // No route has a schema, and no answer is made by the router: its compilers would be loaded for nothing.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (error, request, reply) => void send(reply.raw, faultAnswer(doors, undefined, error), request.raw),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const answering =
    (handler: Handler, before: (visit: Visit, body: unknown) => Promise<Visit | Answer> | Visit = (visit) => visit) =>
    async (request: { raw: IncomingMessage; params: unknown; body?: unknown }, reply: { raw: ServerResponse; hijack(): unknown }) => {
      reply.hijack()
      const { portal: name, id } = request.params as { portal: string; id?: string }
      const portal = doors.house.portals.get(name)
      if (!portal) return plain(reply.raw, 404, 'This page does not exist.')
      const visit = { ...visitFrom(doors, portal, request.raw, reply.raw), ...(id === undefined ? {} : { id }) }
      try {
        const guarded = await before(visit, request.body)
        send(reply.raw, 'doors' in guarded ? await handler(guarded) : guarded, request.raw, visit)
      } catch (error) {
        send(reply.raw, faultAnswer(doors, visit, error), request.raw, visit)
      }
    }
  const urlOf = (path: string): string => `/:portal${path === '/' ? '' : path}`
  for (const { path, handler } of getRoutes) app.get(urlOf(path), answering(handler))
  for (const { path, fields, handler } of postRoutes)
    app.post(
      urlOf(path),
      answering(handler, (visit, body) => guardPost(visit, body, fields)),
    )
  const knownPaths = new Set([...getRoutes, ...postRoutes].map((it) => it.path as string))
  app.setNotFoundHandler((request, reply) => {
    const [, id = '', ...rest] = request.url.split('?')[0]?.split('/') ?? []
    const isKnown = knownPaths.has(`/${rest.join('/')}`)
    return answering(async (visit) => troubleAnswer(visit, { kind: 'not-found' }, isKnown ? 405 : 404))(
      { raw: request.raw, params: { portal: id } },
      reply,
    )
  })
  app.setErrorHandler((error, request, reply) => {
    const [, id = ''] = request.url.split('/')
    const refuse: Handler = async (visit) => {
      if (isMalformed(error)) await noteMalformed(visit)
      return faultAnswer(doors, visit, error)
    }
    return answering(refuse)({ raw: request.raw, params: { portal: id } }, reply)
  })
  await app.ready()
  return app
}

function noSchemas(): never {
  throw new Fault('impossible', 'no route has a schema')
}

/** A body that was too large, of a type that no form has, or not of its length. */
const isMalformed = (error: unknown): boolean => ((error as { statusCode?: number }).statusCode ?? 500) < 500

export function send(response: ServerResponse, answer: Answer, request: IncomingMessage, visit?: Visit): void {
  if (response.headersSent) return
  const {
    status,
    body = '',
    type = 'text/html; charset=utf-8',
    location,
    cookies = [],
    retryAfterSeconds,
    formActions,
    headers = {},
  } = answer
  if (formActions && formActions.length > 0) response.setHeader('content-security-policy', contentPolicy(formActions))
  if (location !== undefined) response.setHeader('referrer-policy', 'no-referrer').setHeader('location', location)
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(Math.max(1, retryAfterSeconds)))
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  // A form of another site comes without our cookies; its answer must not replace those that the browser holds.
  const kept = [...(request.method === 'POST' ? [] : (visit?.newCookies ?? [])), ...cookies]
  if (kept.length > 0) response.setHeader('set-cookie', kept)
  if (location === undefined) response.setHeader('content-type', type)
  // A text goes out in one piece with its headers.
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) })
  response.end(request.method === 'HEAD' ? undefined : body)
  // What was not read of a refused body is not read at all.
  if (status === 413) response.once('finish', () => request.socket.destroySoon())
}

const isNamedTwice = (header: string, { rawHeaders }: IncomingMessage): boolean =>
  rawHeaders.filter((it, at) => at % 2 === 0 && it.toLowerCase() === header).length > 1

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}
