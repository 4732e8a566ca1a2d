import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Config, findConfig, readConfig } from '../config.ts'
import { Fault } from '../errors.ts'
import { type OpenHouse, openHouse } from '../house.ts'
import { sentenceOf } from '../portals/index.ts'
import { explain, type Report, reportFor } from './report.ts'

/** What every command takes. */
export interface Common {
  readonly config?: string
  readonly json?: boolean
}

export const shared = (command: Command): Command =>
  command
    .option('--config <file>', 'sluis.yaml; else SLUIS_CONFIG, ./sluis.yaml, sluis.yaml in SLUIS_DATA, ./data/sluis.yaml')
    .addOption(new Option('--json', 'answer with one JSON value'))

/** Runs a command that needs no database. What goes wrong is one sentence and exit code 1. */
export async function guarded(options: Common, work: (report: Report) => Promise<void> | void): Promise<void> {
  try {
    await work(reportFor(options.json === true, process))
  } catch (error) {
    process.stderr.write(explain(error, options.json === true))
    process.exitCode = 1
  }
}

/** The same with the house open: portals, database, key. */
export const withHouse = (options: Common, work: (house: OpenHouse, report: Report) => Promise<void>): Promise<void> =>
  guarded(options, async (report) => {
    const house = await openHouse(configOf(options))
    try {
      await work(house, report)
    } finally {
      await house.close()
    }
  })

export const configFileOf = (options: Common): string => findConfig(options.config, process.env)

/** @throws Fault 'config-refused' with all that is wrong. */
export function configOf(options: Common): Config {
  const config = readConfig(configFileOf(options), process.env)
  if (Array.isArray(config)) throw new Fault('config-refused', config.map(sentenceOf).join('\n'))
  return config
}

/** A day, or a moment with its zone. */
export function readMoment(text: string): string {
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  if (!isIso || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('Give a day as 2027-03-01 or a moment as 2027-03-01T09:00:00Z.')
  return text
}
