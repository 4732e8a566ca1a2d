/*
 * The demo as `npm start` runs it, for journeys: real bin/sluis, real mail and SMS servers, real applications, on free ports.
 *
 *   const demo = await openDemo()      one for a suite; people of the cast are made fresh
 *   demo.app('c-point/planning')       the address of an application
 *   await demo.code({ to })            the six digits of the newest message that came since the last call
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import * as OTPAuth from 'otpauth'
import { cast, castPassword } from '../../demo/cast.ts'
import type { Ports } from '../../demo/ports.ts'
import { type Setting, startDemo } from '../../demo/start.ts'

export interface Message {
  readonly id: string
  readonly kind: 'mail' | 'sms'
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Demo {
  readonly password: string
  readonly data: string
  /** The address of a portal. */
  portal(id: string): string
  app(path: string): string
  messages(): Promise<Message[]>
  /** Waits for a message that was not read before. */
  find(isIt: (message: Message) => boolean): Promise<Message>
  /** Waits for a message to this address that was not read before. */
  message(to: string): Promise<Message>
  /** Its six digits. */
  code(to: string): Promise<string>
  behave(behaviour: object): Promise<void>
  close(): Promise<void>
}

/** Six digits that are not part of a message number. */
const sixDigits = /(?<!\w)\d{6}(?!\w)/
const root = resolve(import.meta.dirname, '..', '..')

export async function openDemo(environment: NodeJS.ProcessEnv = {}, data = mkdtempSync(join(tmpdir(), 'sluis-journey-'))): Promise<Demo> {
  const started: Setting['started'] = []
  const setting: Setting = {
    root,
    data,
    ports: { web: 0, inbox: 0, smtp: 0, smpp: 0, app: 0, metrics: 0 },
    environment: { ...process.env, ...environment },
    clock: Date.now,
    started,
    signal: new AbortController().signal,
    onEnd: (reason) => process.stderr.write(`${reason}\n`),
  }
  const { ports, problems } = await startDemo(setting)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return demoAt(ports, data, async () => {
    for (const thing of started.toReversed()) await thing.stop()
    rmSync(data, { recursive: true, force: true })
  })
}

/** A demo that runs already, here or in a process of its own. */
export function demoAt(ports: Pick<Ports, 'web' | 'inbox' | 'app'>, data: string, close: () => Promise<void>): Demo {
  const inbox = `http://localhost:${ports.inbox}`
  const read = new Set<string>()
  const messages = async (): Promise<Message[]> => (await fetch(`${inbox}/api/messages`)).json() as Promise<Message[]>
  const find = async (isIt: (message: Message) => boolean): Promise<Message> => {
    for (let tries = 0; tries < 150; tries++) {
      const found = (await messages()).find((it) => isIt(it) && !read.has(it.id))
      if (found) {
        read.add(found.id)
        return found
      }
      await pause(100)
    }
    throw new Error('no such message within 15 seconds')
  }
  const message = (to: string): Promise<Message> => find((it) => it.to === to)
  return {
    password: castPassword,
    data,
    portal: (id) => `http://localhost:${ports.web}/${id}`,
    app: (path) => `http://localhost:${ports.app}/${path}`,
    messages,
    find,
    message,
    // A notice may come beside it, before or after.
    code: async (to) => sixDigits.exec((await find((it) => it.to === to && sixDigits.test(it.text))).text)?.[0] ?? '',
    behave: async (behaviour) => void (await fetch(`${inbox}/api/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) })),
    close,
  }
}

/** The key of a person of the cast who has an app. */
export const keyOf = (userName: string): string => cast.find((it) => it.userName === userName)?.totpKey ?? ''

/** What an independent app shows for a key, `steps` of 30 seconds later than now. */
export const appCode = (key: string, steps = 0): string =>
  new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(key) }).generate({ timestamp: Date.now() + steps * 30_000 })
