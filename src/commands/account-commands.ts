import { type Command, Option } from 'commander'
import { addAccountCommand, showAccount, switchAccount } from './account.ts'
import { deleteAccountCommand, exportAccount } from './account-data.ts'
import { endSessions, removeMethodCommand, unlockAccount } from './account-end.ts'
import { shared, withHouse } from './guarded.ts'
import { importAccounts } from './import.ts'
import { columns } from './person.ts'
import { makeProgress } from './progress.ts'
import { ticketFor } from './ticket.ts'

export function accountCommands(account: Command): void {
  forAccount(account.command('add').description('Add an account. The password is asked, or read from standard input.'))
    .option('--email <address>', 'mail address; left out where the user name is one')
    .option('--phone <number>', 'mobile number')
    .option('--language <code>', 'nl, en, fr or de')
    .option('--given-name <name>', 'given name')
    .option('--family-name <name>', 'family name')
    .option('--group <name>', 'group with a start date of its own')
    .option('--password-stdin', 'read the password from the first line of standard input')
    .addHelpText(
      'after',
      examples('sluis account add --portal desk --username anna --email anna@example.org --password-stdin < password.txt'),
    )
    .action((options) => withHouse(options, (house, report) => addAccountCommand(house, options, report)))

  forAccount(account.command('show').description('Show what an account has. No secret, ever.'))
    .addHelpText('after', examples('sluis account show --portal desk --username anna --json'))
    .action((options) => withHouse(options, (house, report) => showAccount(house, options, report)))

  forPortal(
    account.command('import').argument('<file>', 'a table of people').description('Add the people of a table, all of them or none.'),
  )
    .option('--dry-run', 'only say what would happen')
    .option('--update', 'change who exists already; what is left empty stays')
    .option('--skip-refused', 'leave out the lines that are refused and import the others')
    .addHelpText('after', importHelp)
    .action((file, options) =>
      withHouse(options, (house, report) => importAccounts(house, file, options, report, makeProgress(process.stderr, house.clock))),
    )

  forAccount(account.command('unlock').description('End the pauses of an account and forget what was counted.'))
    .addHelpText('after', examples('sluis account unlock --portal desk --username anna'))
    .action((options) => withHouse(options, (house, report) => unlockAccount(house, options, report)))

  forAccount(account.command('end-sessions').description('End all sessions, half-way sign-ins and remembered browsers of an account.'))
    .addHelpText('after', examples('sluis account end-sessions --portal desk --username anna'))
    .action((options) => withHouse(options, (house, report) => endSessions(house, options, report)))

  forAccount(account.command('remove-method').description('Remove a second step of an account. The owner is told; all sessions end.'))
    .addOption(new Option('--method <method>', 'which one').choices(['totp', 'sms']).makeOptionMandatory())
    .option('--yes', 'do it; left out: only say what would happen')
    .addHelpText('after', examples('sluis account remove-method --portal desk --username anna --method totp --yes'))
    .action((options) => withHouse(options, (house, report) => removeMethodCommand(house, options, report)))

  forAccount(account.command('export').description('Write out everything that is kept about a person, as JSON. No secret, ever.'))
    .addHelpText('after', examples('sluis account export --portal desk --username anna > anna.json'))
    .action((options) => withHouse(options, (house, report) => exportAccount(house, options, report)))

  forAccount(account.command('delete').description('Delete a person and everything about them, for good.'))
    .option('--yes', 'do it; left out: only say what would happen')
    .addHelpText('after', examples('sluis account delete --portal desk --username anna --yes'))
    .action((options) => withHouse(options, (house, report) => deleteAccountCommand(house, options, report)))

  forAccount(account.command('disable').description('Turn an account off and end its sessions.'))
    .addHelpText('after', examples('sluis account disable --portal desk --username anna'))
    .action((options) => withHouse(options, (house, report) => switchAccount(house, options, false, report)))

  forAccount(account.command('enable').description('Turn an account on again.'))
    .addHelpText('after', examples('sluis account enable --portal desk --username anna'))
    .action((options) => withHouse(options, (house, report) => switchAccount(house, options, true, report)))

  forAccount(
    account.command('ticket').description('Print a code with which a person who has nothing left sets up a new method. Once, in 24 hours.'),
  )
    .addHelpText('after', examples('sluis account ticket --portal desk --username anna'))
    .action((options) => withHouse(options, (house, report) => ticketFor(house, options, report)))
}

export const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((it) => `  ${it}`).join('\n')}`

const importHelp = `
The file is UTF-8, with commas or semicolons. Its first line names any of these columns, in any order:
  ${columns.join(', ')}
  password        plain text: hashed while importing and kept nowhere
  password_hash   argon2id, bcrypt, PBKDF2 (as Django writes it) or {SSHA}, {SSHA256}, {SSHA512}
  totp_secret     the key of an authenticator app, base32 of 16 to 64 bytes
One refused line imports nothing, unless --skip-refused. Each is told with its line, column and reason, never with its value.
${examples('sluis account import people.csv --portal desk --dry-run', 'sluis account import people.csv --portal desk --update --json')}`

const forPortal = (command: Command): Command => shared(command).requiredOption('--portal <id>', 'the portal, as its file is called')

const forAccount = (command: Command): Command => forPortal(command).requiredOption('--username <name>', 'the user name')
