import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../config.ts'
import { type Connect, type LostAtHost, openConnect, openForward, type Trouble } from '../connect/index.ts'
import { Fault } from '../errors.ts'
import type { House } from '../factors/index.ts'
import { makeAssets } from './assets.ts'
import { bounds } from './bounds.ts'
import { clientAddressBy } from './client-address.ts'
import { openFigures } from './figures.ts'
import { visitFrom } from './guard.ts'
import { opsServer } from './ops.ts'
import { path } from './paths.ts'
import { send, webListener } from './server.ts'
import { leaveFor } from './sign-out.tsx'
import { supportNumber, troubleAnswer } from './trouble.tsx'
import type { Answer, Doors, Visit } from './visit.ts'
import { visitorOf } from './visitor.ts'

export interface OpenHttp {
  readonly addresses: readonly string[]
  readonly connect: Connect
  close(): Promise<void>
}

/** A connection that says nothing is given up; a header or a body that comes in drops too. */
const limits = {
  headersTimeout: bounds.headerMilliseconds,
  requestTimeout: bounds.requestMilliseconds,
  keepAliveTimeout: bounds.restMilliseconds,
  maxHeaderSize: bounds.headerBytes,
  connectionsCheckingInterval: 2_000,
}

/** Listens where the configuration says; a port in use is one sentence. */
export async function startHttp(house: House, config: Config): Promise<OpenHttp> {
  const clientAddress = clientAddressBy(config.trustedProxies, (proxy) =>
    house.log.warn({ proxy }, 'somebody forwards for others and is not named in trustedProxies: everybody behind is counted as one'),
  )
  const connect = openConnect(house, {
    secrets: config.applications.secrets,
    visitorOf: (portal, request) => visitorOf(portal, request, clientAddress),
    signInAddress: (portal) => portal.address + path.signIn,
    signOutAddress: (portal) => portal.address + path.signOut,
    signedOutAddress: (portal) => portal.address + path.signedOut,
    signOut: (portal, request, response, account) => leaveFor(doors, portal, request, response, account),
    renderError: (portal, request, response, trouble) =>
      send(response, wrongRequest(visitFrom(doors, portal, request, response), trouble), request),
  })
  const forward = openForward(house, {
    clientAddress,
    signOutAddress: (portal) => portal.address + path.signOut,
    signedOutAddress: (portal) => portal.address + path.signedOut,
  })
  const farewells = connect.sayFarewells()
  const figures = openFigures(house)
  const doors: Doors = { house, connect, farewells, forward, assets: makeAssets(house.portals.values()), clientAddress }
  const listener = await webListener(doors)
  const opened: Server[] = []
  try {
    for (const host of config.listen.hosts) {
      opened.push(await listen(createServer(limits, listener), host, config.listen.port))
      opened.push(await listen(opsServer(house, figures), host, config.metricsPort))
    }
  } catch (error) {
    figures.close()
    await Promise.all([...opened.map(stop), farewells.close()])
    throw error
  }
  return {
    addresses: opened.map(addressOf),
    connect,
    close: async () => {
      figures.close()
      await Promise.all([...opened.map(stop), farewells.close()])
    },
  }
}

/** P74, or the calm page for who came back by an address that was used before. */
function wrongRequest(visit: ReturnType<typeof visitFrom>, trouble: Trouble): ReturnType<typeof troubleAnswer> {
  if (trouble.status === 503) return { ...troubleAnswer(visit, { kind: 'down' }, 503), retryAfterSeconds: 10 }
  if (trouble.host) return lostAtHost(visit, trouble.host)
  if (trouble.isOver) return troubleAnswer(visit, { kind: 'done' }, 400)
  const number = supportNumber(visit.doors.house)
  const { error, parameter, clientTitle: application } = trouble
  visit.doors.house.log.warn({ number, portal: visit.portal.id, application, error, parameter }, 'an application sent a wrong request')
  const forMakers = { error, time: new Date(visit.now).toISOString(), number, ...(parameter ? { parameter } : {}) }
  return troubleAnswer(visit, { kind: 'request', forMakers, ...(application ? { application } : {}) }, trouble.status)
}

/** P75 or P76, with the way back to the host's first page. */
function lostAtHost(visit: Visit, { origin, lacksCookie }: LostAtHost): Answer {
  const again = `${origin}/`
  const answer = troubleAnswer(
    visit,
    lacksCookie ? { kind: 'cookies', host: new URL(origin).host, again } : { kind: 'expired', again },
    400,
  )
  return { ...answer, formActions: [origin] }
}

function listen(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `port ${port} on ${host} is in use: stop the program that listens there, or choose another port`
          : `cannot listen on ${host}:${port}: ${error.message}`
      reject(new Fault('port-in-use', why, { cause: error }))
    })
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => resolve(server))
  })
}

/** No new connections; those that rest are closed, those that work may end. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`
}
