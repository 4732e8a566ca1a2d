import { randomBytes } from 'node:crypto'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { base32, makePasswords, seedBytes } from '../src/factors/index.ts'
import { systemRandom } from '../src/random.ts'
import { coded, insideSession, saturateWithCode } from './code-flow.ts'
import { forwardAuth, guarded } from './forward.ts'
import { type BareHashing, bareHashing, meanOf } from './hash.ts'
import { percentile, probe } from './probe.ts'
import { makePlace, type Place, type Server } from './server.ts'
import { type Load, type Pages, type Person, password, portal, saturate } from './sign-in.ts'
import { atLeast, known, type Row, tableOf, under } from './table.ts'
import { weigh } from './weight.ts'

/*
 * Target and figure side by side, each measured in this run on this machine:
 *
 *   people ──> cold starts ──> idle memory ──> weight ──> bare hashes ──> sign-ins, and a page now and then ──> bare hashes
 *          ──> sign-ins with the code flow ──> the code flow in live sessions, and a bare provider ──> what a proxy asks, and bare hellos
 */

const [hashSeconds, warmUpSeconds, loadSeconds, idleSeconds] = [4, 3, 12, 4]
const clients = 16
const starts = 7
/** Enough for 250 sign-ins a second: each person signs in once. */
const people = Array.from({ length: 7_000 }, (_, at): Person => ({ name: `p${at}`, seed: randomBytes(seedBytes) }))
/** Of these the last ones sign in inside their live sessions alone. */
const [codedPeople, insidePeople] = [3_000, 32]
const otherPages = ['/c-point/', '/koop-cam/sign-in', '/uitpas/sign-in', '/profiportaal/sign-in']

const hash = await (await makePasswords(systemRandom)).hash(password)
const [processor] = cpus()
console.log(`Node ${process.version}, ${availableParallelism()} x ${processor?.model ?? 'unknown processor'}`)
console.log(`Others on this machine before we began: a load of ${loadavg()[0]?.toFixed(1)} (0 is quiet). About a minute.\n`)

const place = await makePlace()
try {
  // With a mail address as well there is something to choose: the third post.
  const csv = people.map(({ name, seed }) => `${name},${name}@haven.test,"${hash}",${base32(seed)}`)
  await place.importPeople(portal, `username,email,password_hash,totp_secret\n${csv.join('\n')}\n`)
  await place.importPeople(coded, `username,email,password_hash,totp_secret\n${csv.slice(0, codedPeople).join('\n')}\n`)
  const guest = { name: 'guest', seed: randomBytes(seedBytes) }
  await place.importPeople(guarded, `username,password_hash,totp_secret\nguest,"${hash}",${base32(guest.seed)}\n`)
  const rows = [...(await coldStarts(place)), ...(await served(place, guest))]
  console.log(tableOf(rows))
  const missed = rows.filter((it) => it.isMet === false).length
  console.log(`\n${missed === 0 ? 'All targets are met.' : `${missed} missed.`}`)
} finally {
  place.remove()
}

async function coldStarts({ start }: Place): Promise<Row[]> {
  const times: number[] = []
  for (let turn = 0; turn < starts; turn++) {
    const server = await start()
    times.push(server.startMs)
    await server.stop()
  }
  times.sort((a, b) => a - b)
  return [
    under(`cold start, spawn to listening (median of ${starts})`, 250, percentile(times, 0.5), 'ms'),
    known('  fastest, slowest', `${times[0]?.toFixed(0)}, ${times.at(-1)?.toFixed(0)} ms`),
  ]
}

async function served(place: Place, guest: Person): Promise<Row[]> {
  const server = await place.start()
  try {
    await pause(idleSeconds * 1000)
    const idle = server.memory()
    const weight = await weigh(place.port, `/${portal}/sign-in`)
    return [
      under('idle memory', 110, idle, 'MiB'),
      under('a page with all that it loads, compressed', 15, weight.kibibytes, 'KiB'),
      known('  parts', `${weight.parts} KiB`),
      ...(await busy(place, server)),
      ...(await withCode(place, server)),
      ...(await insideSession(place.port, people.slice(codedPeople - insidePeople, codedPeople), server.cpuSeconds)),
      ...(await forwardAuth(place.port, server, guest)),
      known('memory after the load', `${server.memory().toFixed(0)} MiB`),
    ]
  } finally {
    await server.stop()
  }
}

async function busy({ port }: Place, server: Server): Promise<Row[]> {
  const signers = people.values()
  const load = async (pages: Pages, seconds: number): Promise<Load & { cpuSeconds: number; driverSeconds: number }> => {
    const [cpu, own] = [server.cpuSeconds(), process.cpuUsage()]
    const done = await saturate(port, signers, pages, clients, seconds)
    const { user, system } = process.cpuUsage(own)
    return { ...done, cpuSeconds: server.cpuSeconds() - cpu, driverSeconds: (user + system) / 1e6 }
  }
  await load('browser', warmUpSeconds)
  const before = await bareHashing(hash, password, hashSeconds)
  const defined = await load('definition', loadSeconds)
  const after = await bareHashing(hash, password, hashSeconds)
  const [browser, times] = await Promise.all([load('browser', loadSeconds), probe({ port, paths: otherPages, seconds: loadSeconds - 1 })])
  const bare = meanOf(before, after)
  const rate = ({ signIns, seconds }: Load): number => signIns / seconds
  const share = (it: Load & { cpuSeconds: number }): number => (it.signIns * bare.cpuSeconds) / it.cpuSeconds
  const rest = (it: Load & { cpuSeconds: number }): string =>
    `${((it.cpuSeconds / it.signIns - bare.cpuSeconds) * 1000).toFixed(1)} ms of CPU each beside the hash`
  return [
    known('bare argon2id, before and after', `${told(before)}; ${told(after)}`),
    atLeast('full sign-in, SQLite: hashes / all CPU of the server', 0.85, share(defined)),
    atLeast('  the same as rate / bare argon2id rate', 0.78, rate(defined) / bare.rate),
    known('  rate', `${rate(defined).toFixed(0)} a second, ${rest(defined)}`),
    known('  CPU of the load driver', `${((defined.driverSeconds / defined.signIns) * 1000).toFixed(1)} ms each`),
    known('  with the page of the choice, as a browser does', `share ${share(browser).toFixed(2)}, ${rest(browser)}`),
    under(`other pages meanwhile, 99th percentile of ${times.length}`, 15, percentile(times, 0.99), 'ms'),
    known('  half of them, slowest', `${percentile(times, 0.5).toFixed(1)}, ${percentile(times, 1).toFixed(1)} ms`),
    { what: 'script needed to sign in', target: 'none', figure: 'none: all sign-ins here ran none', isMet: true },
  ]
}

/** A sign-in that an application asked, tokens and all; id_tokens are signed with ES256. */
async function withCode({ port }: Place, server: Server): Promise<Row[]> {
  const signers = people.slice(0, codedPeople - insidePeople).values()
  await saturateWithCode(port, signers, clients, warmUpSeconds)
  const before = server.cpuSeconds()
  const { signIns } = await saturateWithCode(port, signers, clients, loadSeconds / 2)
  const used = server.cpuSeconds() - before
  const bare = await bareHashing(hash, password, hashSeconds)
  return [
    atLeast('the same with the whole code flow: hashes / all CPU of the server', 0.72, (signIns * bare.cpuSeconds) / used),
    known('  beside the hash', `${((used / signIns - bare.cpuSeconds) * 1000).toFixed(1)} ms of CPU each`),
  ]
}

function told({ rate, cpuSeconds }: BareHashing): string {
  return `${rate.toFixed(0)} a second of ${(cpuSeconds * 1000).toFixed(1)} ms`
}
