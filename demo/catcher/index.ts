/*
 * catcher: a real mail server and a real SMS centre in front of one inbox, for the demo and for tests.
 *
 *     SMTP :2525 ──> smtp.ts ──┐                       ┌──> /api/messages   api.ts
 *                              ├──> inbox.ts (memory) ─┤
 *     SMPP :2775 ──> smpp.ts ──┘    last 1000          └──> / the hub       ../hub
 *                      │
 *                      └──> receipt.ts: delivery receipts that were asked for
 *
 *   behaviour.ts   the trouble a tester asks for: 451, 550, silence, lost receipts, nobody listening
 *   main.ts        the catcher alone, as a program: tests start it, stop it and start it again
 *
 *   Never here: anything of Sluis; a message on disk; a fixed wait before a message can be read.
 */

import type { Clock } from '../clock.ts'
import { serve } from '../http.ts'
import { type HubFacts, hub, nothingYet } from '../hub/index.ts'
import type { Listener } from '../loopback.ts'
import { api } from './api.ts'
import { type Behaviour, goodBehaviour } from './behaviour.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { startSmpp } from './smpp.ts'
import { startSmtp } from './smtp.ts'

export { type Behaviour, changed, goodBehaviour } from './behaviour.ts'
export type { Message } from './inbox.ts'

export interface Catcher {
  ports: { smtp: number; smpp: number; inbox: number }
  inbox: Inbox
  /** What the hub shows beside the inbox; known only once all else listens. */
  show(facts: HubFacts): void
  change(behaviour: Behaviour): Promise<void>
  close(): Promise<void>
}

export interface CatcherOptions {
  clock: Clock
  /** 0 takes any free port. */
  ports: { smtp: number; smpp: number; inbox: number }
  behaviour?: Behaviour
}

export async function startCatcher({ clock, ports, behaviour: wanted = goodBehaviour }: CatcherOptions): Promise<Catcher> {
  const inbox = createInbox(clock)
  let facts = nothingYet
  let behaviour = wanted
  const smtp = await openable(ports.smtp, (port) => startSmtp(port, inbox, () => behaviour))
  const opened = [smtp]
  try {
    const smpp = await openable(ports.smpp, (port) => startSmpp(port, inbox, () => behaviour, clock))
    opened.push(smpp)
    const change = async (next: Behaviour) => {
      behaviour = next
      await Promise.all([smtp.keep(next.smtp !== 'closed'), smpp.keep(next.smpp !== 'closed')])
    }
    await change(behaviour)
    const handleApi = api({ inbox, behaviour: () => behaviour, change })
    const handleHub = hub({ inbox, clock, facts: () => facts, behaviour: () => behaviour, change })
    const web = await serve(ports.inbox, (asked) => (asked.path.startsWith('/api/') ? handleApi(asked) : handleHub(asked)))
    return {
      ports: { smtp: smtp.port, smpp: smpp.port, inbox: web.port },
      inbox,
      show: (next) => {
        facts = next
      },
      change,
      close: async () => void (await Promise.all([web.close(), smtp.keep(false), smpp.keep(false)])),
    }
  } catch (error) {
    await Promise.all(opened.map((listener) => listener.keep(false)))
    throw error
  }
}

/** A listener that can go away and come back on the same port, one change after the other. */
async function openable(wantedPort: number, open: (port: number) => Promise<Listener>) {
  let current: Listener | undefined = await open(wantedPort)
  const { port } = current
  let turn = Promise.resolve()
  const keep = (isOpen: boolean): Promise<void> => {
    const next = turn.then(async () => {
      if (isOpen) current ??= await open(port)
      else {
        await current?.close()
        current = undefined
      }
    })
    turn = next.catch(() => {})
    return next
  }
  return { port, keep }
}
