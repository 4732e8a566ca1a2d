import { Command, Option } from 'commander'
import { findConfig, readConfig } from '../config.ts'
import { Fault } from '../errors.ts'
import { type OpenHouse, openHouse } from '../house.ts'
import { sentenceOf } from '../portals/index.ts'
import { addAccountCommand, showAccount, switchAccount } from './account.ts'
import { explain, type Report, reportFor } from './report.ts'

interface Common {
  readonly config?: string
  readonly json?: boolean
}

/** The whole command line. `serve` is handed in, so that a command that only reads starts without loading the server. */
export function makeProgram(serve: (configFile: string) => Promise<void>): Command {
  const program = new Command('sluis')
    .description('A sign-in service with a mandatory second step.')
    .showHelpAfterError('(sluis --help tells more)')
  program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

  shared(program.command('serve').description('Run the service until it is told to stop.')).action((options: Common) =>
    guarded(options, () => serve(findConfig(options.config, process.env))),
  )
  shared(program.command('check').description('Look at the configuration and the portal files without running anything.')).action(
    (options: Common) =>
      withHouse(options, async (house, report) =>
        report.done({ portals: [...house.portals.keys()] }, `All good: ${[...house.portals.keys()].join(', ')}.`),
      ),
  )
  accountCommands(program.command('account').description('The people of a portal.'))
  return program
}

function accountCommands(account: Command): void {
  forAccount(account.command('add').description('Add an account. The password is read from standard input or asked.'))
    .option('--email <address>', 'mail address; left out where the user name is one')
    .option('--phone <number>', 'mobile number')
    .option('--language <code>', 'nl, en, fr or de')
    .option('--group <name>', 'group with a start date of its own')
    .option('--password-stdin', 'read the password from the first line of standard input')
    .action((options) => withHouse(options, (house, report) => addAccountCommand(house, options, report)))
  forAccount(account.command('show').description('Show what an account has. No secret, ever.')).action((options) =>
    withHouse(options, (house, report) => showAccount(house, options, report)),
  )
  forAccount(account.command('disable').description('Turn an account off and end its sessions.')).action((options) =>
    withHouse(options, (house, report) => switchAccount(house, options, false, report)),
  )
  forAccount(account.command('enable').description('Turn an account on again.')).action((options) =>
    withHouse(options, (house, report) => switchAccount(house, options, true, report)),
  )
}

const forAccount = (command: Command): Command =>
  shared(command).requiredOption('--portal <id>', 'the portal, as its file is called').requiredOption('--username <name>', 'the user name')

function shared(command: Command): Command {
  return command.option('--config <file>', 'sluis.yaml').addOption(new Option('--json', 'answer with one JSON value'))
}

export async function withHouse(options: Common, work: (house: OpenHouse, report: Report) => Promise<void>): Promise<void> {
  await guarded(options, async () => {
    const config = readConfig(findConfig(options.config, process.env), process.env)
    if (Array.isArray(config)) throw new Fault('config-refused', config.map(sentenceOf).join('\n'))
    const house = await openHouse(config)
    try {
      await work(house, reportFor(options.json === true, process.stdout))
    } finally {
      await house.close()
    }
  })
}

async function guarded(options: Common, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { text, exitCode } = explain(error, options.json === true)
    process.stderr.write(text)
    process.exitCode = exitCode
  }
}
