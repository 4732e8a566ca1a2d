import { join } from 'node:path'
import { type Applications, demoApplications, demoPortals, startApplications } from './application/index.ts'
import { cast, castPassword, displayName } from './cast.ts'
import { type Catcher, changed, goodBehaviour, startCatcher } from './catcher/index.ts'
import type { Clock } from './clock.ts'
import type { HubFacts } from './hub/index.ts'
import { listenOnLoopback } from './loopback.ts'
import { makeCast } from './make-cast.ts'
import type { Ports } from './ports.ts'
import { makeDataFolder, newSecrets, registrationsFrom, writeSettings } from './settings.ts'
import { answers, runSluis, serveSluis } from './sluis.ts'
import { storiesOf } from './stories.ts'

/*
 * From nothing to a running demo:
 *
 *   ports ──> catcher and hub ──> applications ──> sluis.yaml ──> bin/sluis serve ──> people ──> facts
 *
 * Ports come first: when one is taken nothing was written. Each thing that was started is put on `started`
 * at once, so that whoever stops the demo halfway stops all of it.
 */

export interface Setting {
  root: string
  data: string
  ports: Ports
  environment: NodeJS.ProcessEnv
  clock: Clock
  started: { stop(): Promise<void> }[]
  /** Aborted when the demo has to stop: nothing more is started. */
  signal: AbortSignal
  /** Settles with the reason when Sluis ends by itself. */
  onEnd(reason: string): void
}

export interface Running {
  ports: Ports
  facts: HubFacts
  problems: string[]
}

export async function startDemo({ root, data, ports: wanted, environment, clock, started, signal, onEnd }: Setting): Promise<Running> {
  const trouble = changed(goodBehaviour, chosenTrouble(environment))
  if ('refused' in trouble) throw new Error(trouble.refused)
  const catcher: Catcher = await startCatcher({ clock, ports: wanted, behaviour: trouble })
  started.push({ stop: catcher.close })
  const applications: Applications = await startApplications(wanted.app, clock)
  started.push({ stop: applications.close })
  const ports = { ...catcher.ports, app: applications.port, web: await freePort(wanted.web), metrics: await freePort(wanted.metrics) }

  makeDataFolder(data)
  const secrets = newSecrets()
  const config = writeSettings(root, data, ports, secrets)
  applications.register(registrationsFrom(root, ports, secrets))

  signal.throwIfAborted()
  const sluis = serveSluis(root, config, join(data, 'sluis.log'), environment)
  started.push(sluis)
  let isOver = false
  sluis.ended.then((reason) => {
    isOver = true
    onEnd(reason)
  })
  const isReady = await answers(
    [`http://localhost:${ports.metrics}/readyz`, `http://localhost:${ports.web}/healthz`],
    () => isOver || signal.aborted,
  )
  if (!isReady) return { ports, facts: factsOf(ports), problems: [] }
  const problems = await makeCast(data, (args) => runSluis(root, [...args, '--config', config], environment, signal))
  const facts = factsOf(ports)
  catcher.show(facts)
  return { ports, facts, problems }
}

/** Sluis listens by itself, so a port for it is looked up first and then let go. */
async function freePort(wanted: number): Promise<number> {
  const listener = await listenOnLoopback(wanted, (socket) => socket.destroy())
  await listener.close()
  return listener.port
}

function chosenTrouble(environment: NodeJS.ProcessEnv): object {
  const wanted = { smtp: environment.SLUIS_CATCHER_SMTP, smpp: environment.SLUIS_CATCHER_SMPP }
  return Object.fromEntries(Object.entries(wanted).filter(([, mode]) => mode !== undefined && mode !== ''))
}

function factsOf(ports: Ports): HubFacts {
  const portals = Object.entries(demoPortals).map(([id, { name, words }]) => ({
    id,
    name,
    address: `http://localhost:${ports.web}/${id}`,
    profile: words.profile,
    applications: demoApplications
      .filter((application) => application.portal === id)
      .map((application) => ({
        name: application.title,
        address: `http://localhost:${ports.app}/${id}/${application.name}`,
        rule: application.rule,
      })),
    people: cast
      .filter((person) => person.portal === id)
      .map((person) => ({
        userName: person.userName,
        displayName: displayName(person),
        state: person.state,
        email: person.email,
        ...(person.phone === undefined ? {} : { phone: person.phone }),
        ...(person.totpKey === undefined ? {} : { key: person.totpKey }),
      })),
  }))
  const stories = storiesOf(`http://localhost:${ports.web}`, `http://localhost:${ports.app}`)
  return { password: castPassword, portals, stories, ports: { smtp: ports.smtp, smpp: ports.smpp } }
}
