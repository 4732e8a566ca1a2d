import { basename } from 'node:path'
import { Command } from 'commander'
import { systemClock } from '../clock.ts'
import type { Instant } from '../decision/index.ts'
import { Fault } from '../errors.ts'
import { type Portal, sentenceOf, startOfDay } from '../portals/index.ts'
import { viewOf } from '../sign-in/index.ts'
import { accountCommands, examples } from './account-commands.ts'
import { type AskedAcr, askingOf } from './asked-acr.ts'
import { auditCommands } from './audit.ts'
import { checkConfiguration, checkPortalFiles, portalsIn, portalsOf } from './check.ts'
import { drawingOf } from './draw.ts'
import { explainPortal } from './explain.ts'
import { type Common, configFileOf, configOf, guarded, readMoment, shared, withHouse } from './guarded.ts'
import { Refused } from './report.ts'
import { accountNamed } from './which-account.ts'

interface ExplainOptions extends Common, AskedAcr {
  readonly portal: string
  readonly username?: string
  readonly application?: string
  readonly at?: string
}

/** The whole command line. `serve` is handed in, so that a command that only reads starts without loading the server. */
export function makeProgram(serve: (configFile: string) => Promise<void>): Command {
  const program = new Command('sluis')
    .description('A sign-in service with a mandatory second step.')
    .showHelpAfterError('(add --help to the command for more)')
    .addHelpText('after', '\nExit codes: 0 done, 1 refused (said why, nothing changed), 2 wrong use.')
  program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

  shared(program.command('serve').description('Run the service until it is told to stop.'))
    .addHelpText('after', examples('sluis serve --config /etc/sluis/sluis.yaml'))
    .action((options: Common) => guarded(options, () => serve(configFileOf(options))))

  shared(program.command('check').argument('[files...]', 'portal files; left out: sluis.yaml and all that it names'))
    .description('Look at the configuration and the portal files without running anything. All problems at once.')
    .addHelpText('after', examples('sluis check --config sluis.yaml', 'sluis check portals/desk.yaml'))
    .action((files: string[], options: Common) =>
      guarded(options, (report) =>
        files.length > 0 ? checkPortalFiles(files, report) : checkConfiguration(configFileOf(options), process.env, report),
      ),
    )

  shared(program.command('explain').description('Say what a sign-in asks, why, and what comes next.'))
    .requiredOption('--portal <id>', 'the portal, as its file is called')
    .option('--username <name>', 'for this account')
    .option('--application <id>', 'asked by this application; left out: what the strictest one asks')
    .option('--acr <values...>', 'wished by the application: its acr_values')
    .option('--must', 'the application must have one of these: an essential acr')
    .option('--at <moment>', 'on this day or at this moment; left out: now', readMoment)
    .addHelpText(
      'after',
      examples(
        'sluis explain --portal desk --at 2027-03-01',
        'sluis explain --portal desk --username anna --application planning',
        'sluis explain --portal desk --application planning --acr urn:sluis:acr:2',
      ),
    )
    .action(explainAction)

  const portal = program.command('portal').description('The portals.')
  shared(portal.command('draw').argument('<portal>', 'its id, or its file'))
    .description('Draw the journeys of a portal as a Mermaid flowchart, walked through the decision itself.')
    .option('--at <moment>', 'on this day or at this moment; left out: now', readMoment)
    .addHelpText('after', examples('sluis portal draw desk > desk.mmd', 'sluis portal draw portals/desk.yaml'))
    .action((id: string, options: Common & { at?: string }) =>
      guarded(options, (report) => {
        const drawn = portalAlone(id, options)
        const mermaid = drawingOf(drawn, momentOf(options.at, drawn))
        report.done({ portal: drawn.id, mermaid }, mermaid)
      }),
    )

  accountCommands(program.command('account').description('The people of a portal.'))
  auditCommands(program.command('audit').description('What happened.'))
  return program
}

function explainAction(options: ExplainOptions): Promise<void> {
  const { username, application } = options
  if (username === undefined)
    return guarded(options, (report) => {
      const portal = portalAlone(options.portal, options)
      explainPortal(portal, { application, asking: askingOf(portal, options) }, momentOf(options.at, portal), report)
    })
  return withHouse(options, async (house, report) => {
    const { portal, account } = await accountNamed(house, { portal: options.portal, username })
    const now = momentOf(options.at, portal)
    const view = await viewOf(house.storage.db, account, { facts: [] }, now)
    explainPortal(portal, { application, account: { name: account.shown_name, view }, asking: askingOf(portal, options) }, now, report)
  })
}

/** A portal by its id in the configuration, or by its file; without a database. */
function portalAlone(named: string, options: Common): Portal {
  const isFile = named.endsWith('.yaml')
  const { portals, problems } = isFile ? portalsIn([named]) : portalsOf(configOf(options))
  const id = isFile ? basename(named, '.yaml') : named
  const portal = portals.get(id)
  if (portal) return portal
  if (problems.length > 0) throw new Fault('config-refused', problems.map(sentenceOf).join('\n'))
  throw new Refused(`There is no portal '${id}'. There are: ${[...portals.keys()].join(', ')}.`)
}

/** A day begins where the portal is. */
function momentOf(text: string | undefined, { timeZone }: Portal): Instant {
  if (text === undefined) return systemClock.now()
  return text.length === 10 ? startOfDay(text, timeZone) : Date.parse(text)
}
