import { systemClock } from '../clock.ts'
import { portsFrom, sentenceFor } from '../ports.ts'
import { changed, goodBehaviour, startCatcher } from './index.ts'

/*
 * The catcher as a program of its own: `node demo/catcher/main.ts`.
 * The first line on stdout is {"smtp":2525,"smpp":2775,"inbox":8025} with the real ports; then it listens until SIGTERM.
 */

const ports = portsFrom(process.env)
const wanted = { smtp: process.env.SLUIS_CATCHER_SMTP, smpp: process.env.SLUIS_CATCHER_SMPP }
const behaviour = changed(goodBehaviour, Object.fromEntries(Object.entries(wanted).filter(([, mode]) => mode !== undefined && mode !== '')))

if ('refused' in ports || 'refused' in behaviour) {
  process.stderr.write(`${'refused' in ports ? ports.refused : 'refused' in behaviour ? behaviour.refused : ''}\n`)
  process.exit(2)
}
try {
  const catcher = await startCatcher({ clock: systemClock, ports, behaviour })
  process.stdout.write(`${JSON.stringify(catcher.ports)}\n`)
  const stop = () => catcher.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  process.stderr.write(`${sentenceFor(error, ports)}\n`)
  process.exit(1)
}
