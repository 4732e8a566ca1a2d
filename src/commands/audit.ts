import { type Command, InvalidArgumentError } from 'commander'
import { type ChainProblem, type ChainReport, verifyChain } from '../audit/index.ts'
import type { House } from '../factors/index.ts'
import { auditedPortals } from '../storage/index.ts'
import { examples } from './account-commands.ts'
import { type Common, shared, withHouse } from './guarded.ts'
import { Refused, type Report } from './report.ts'

interface VerifyOptions extends Common {
  readonly portal?: string
  readonly known?: { readonly seq: number; readonly seal: string }
}

export function auditCommands(audit: Command): void {
  shared(audit.command('verify').description('Check that no event was changed, left out or cut off, and that all have their place.'))
    .option('--portal <id>', 'this portal alone; left out: all that have events')
    .option('--known <end>', 'the end that was noted before, as this command prints it; with --portal', readEnd)
    .addHelpText('after', examples('sluis audit verify', 'sluis audit verify --portal desk --known 1234:Zm9vYmFy --json'))
    .action((options: VerifyOptions) => withHouse(options, (house, report) => verifyAudit(house, options, report)))
}

function readEnd(text: string): { seq: number; seal: string } {
  const [, seq, seal] = /^(\d{1,15}):([\w-]{1,64})$/.exec(text) ?? []
  if (seq === undefined || seal === undefined) throw new InvalidArgumentError('Give the end as it was printed, like 1234:Zm9vYmFy.')
  return { seq: Number(seq), seal }
}

/** Exit code 1 as soon as one portal has a problem; all of them are told. */
async function verifyAudit(house: House, { portal, known }: VerifyOptions, report: Report): Promise<void> {
  if (known && portal === undefined) throw new Refused('--known is the end of one chain: say which with --portal.')
  const portals = await auditedPortals(house.storage.db)
  if (portal !== undefined && !portals.includes(portal)) throw new Refused(`No event of a portal '${portal}' is there.`)
  const chains: ChainReport[] = []
  for (const it of portal === undefined ? portals : [portal]) chains.push(await verifyChain(house, it, house.clock.now(), known))
  const words = chains.length === 0 ? 'No event yet.' : chains.map(inWords).join('\n')
  const isSound = chains.every((it) => it.problems.length === 0 && it.unsealed === 0)
  if (isSound) report.done({ chains }, words)
  else report.refused({ chains }, words)
}

const mostTold = 20

function inWords({ portal, events, end, unsealed, erased, problems }: ChainReport): string {
  const found = problems.slice(0, mostTold).map((it) => `  ${problemInWords(it)}`)
  const more = problems.length > mostTold ? [`  and ${problems.length - mostTold} more`] : []
  return [
    `${portal}: ${events} events, ${problems.length === 0 ? 'the chain holds' : 'THE CHAIN IS BROKEN'}, end ${end.seq}:${end.seal || '-'}`,
    ...(erased > 0 ? [`  ${erased} of them are of people who were deleted since`] : []),
    ...(unsealed > 0 ? [`  ${unsealed} wait for their place: does the service run?`] : []),
    ...found,
    ...more,
  ].join('\n')
}

function problemInWords({ problem, seq }: ChainProblem): string {
  switch (problem) {
    case 'missing':
      return `event ${seq} is missing`
    case 'changed':
      return `event ${seq} was changed, or one before it`
    case 'cut':
      return `the end was cut off or added to: event ${seq}`
    case 'not-as-known':
      return `event ${seq} is not the one that was noted`
  }
}
