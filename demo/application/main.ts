import { readFileSync } from 'node:fs'
import { systemClock } from '../clock.ts'
import { portsFrom, sentenceFor } from '../ports.ts'
import { type Registration, startApplications } from './index.ts'

/*
 * The applications as a program of their own: `node demo/application/main.ts registrations.json`.
 * The first line on stdout is {"app":8090} with the real port; then it listens until SIGTERM.
 */

const file = process.argv[2]
const ports = portsFrom(process.env)
if (file === undefined || 'refused' in ports) {
  process.stderr.write(`${'refused' in ports ? ports.refused : 'give the JSON file with the registrations'}\n`)
  process.exit(2)
}
try {
  const applications = await startApplications(ports.app, systemClock)
  applications.register(JSON.parse(readFileSync(file, 'utf8')) as Registration[])
  process.stdout.write(`${JSON.stringify({ app: applications.port })}\n`)
  const stop = () => applications.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  process.stderr.write(`${sentenceFor(error, ports)}\n`)
  process.exit(1)
}
