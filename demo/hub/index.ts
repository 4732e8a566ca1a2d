/*
 * hub: the demo's first page. Where everything is, who can sign in, what was sent, and a phone for who has none at hand.
 *
 *     GET  /                  stories, portals and people, authenticator, inbox     pages.ts, portals.ts
 *     POST /trouble           how the mail server and the SMS centre answer now     trouble.ts
 *     GET  /inbox             the inbox alone, for the script that looks again every two seconds
 *     GET  /messages/{id}     one message; /messages/{id}/html is its HTML, in a sandbox of its own
 *     GET|POST /authenticator a key in, the six digits out                          authenticator.ts, RFC 6238
 *     GET  /assets/...        style.css, two scripts, and the QR reader
 *
 *   facts.ts    what there is to show, told by who starts the demo
 *
 *   Everything works without script. Whatever a message, a name or an address holds is shown as the characters it is.
 *   Never here: a secret in an address; a script or a style inside a page; anything of Sluis.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Behaviour } from '../catcher/behaviour.ts'
import type { Inbox } from '../catcher/inbox.ts'
import type { Clock } from '../clock.ts'
import { type Answer, type Handler, page, Refusal } from '../http.ts'
import { codeAt, readKey } from './authenticator.ts'
import type { HubFacts } from './facts.ts'
import { inboxList } from './inbox-list.ts'
import { authenticatorPage, front, messagePage } from './pages.ts'
import { makeTrouble } from './trouble.ts'

export { type HubFacts, nothingYet, type Story } from './facts.ts'

interface Options {
  inbox: Inbox
  clock: Clock
  facts(): HubFacts
  behaviour(): Behaviour
  change(behaviour: Behaviour): Promise<void>
}

export function hub({ inbox, clock, facts, behaviour, change }: Options): Handler {
  return async (asked): Promise<Answer> => {
    const { path, method } = asked
    if (path === '/authenticator' && method === 'POST') {
      const typed = (await asked.form()).get('key') ?? ''
      const key = readKey(typed)
      const refused = 'refused' in key ? key.refused : undefined
      const shown = 'refused' in key ? undefined : { ...codeAt(key.secret, clock()), label: key.label }
      return page(authenticatorPage({ typed, refused, shown }), csp, refused ? 422 : 200)
    }
    if (path === '/trouble' && method === 'POST') return makeTrouble(asked, behaviour(), change)
    if (method !== 'GET') throw new Refusal(405, 'Dat kan hier niet.')
    if (path === '/') return page(front(facts(), inbox.all(), behaviour()), csp)
    if (path === '/inbox') return page(inboxList(inbox.all(), behaviour()), csp)
    if (path === '/authenticator') return page(authenticatorPage({ typed: '' }), csp)
    if (path.startsWith('/assets/')) return asset(path.slice('/assets/'.length))
    const [, first, id, part, ...rest] = path.split('/')
    const message = first === 'messages' && id && rest.length === 0 ? inbox.find(id) : undefined
    if (message && part === undefined) return page(messagePage(message), csp)
    if (message && part === 'html')
      return { status: 200, headers: { 'content-type': htmlType, 'content-security-policy': sandbox }, body: message.html }
    throw new Refusal(404, 'Hier is niets.')
  }
}

const csp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

// A mail is a stranger's page: no script, no form, no way out, an origin of its own; its own styles may show.
const sandbox = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
const htmlType = 'text/html; charset=utf-8'

const here = (name: string) => new URL(name, import.meta.url)
const assets: Record<string, { file: URL | string; type: string }> = {
  'style.css': { file: here('../style.css'), type: 'text/css; charset=utf-8' },
  'inbox.js': { file: here('assets/inbox.js'), type: 'text/javascript; charset=utf-8' },
  'authenticator.js': { file: here('assets/authenticator.js'), type: 'text/javascript; charset=utf-8' },
  'qr-reader.js': { file: createRequire(import.meta.url).resolve('jsqr'), type: 'text/javascript; charset=utf-8' },
}

function asset(name: string): Answer {
  const known = Object.hasOwn(assets, name) ? assets[name] : undefined
  if (!known) throw new Refusal(404, 'Hier is niets.')
  return { status: 200, headers: { 'content-type': known.type, 'cache-control': 'no-cache' }, body: readFileSync(known.file) }
}
