import type { Behaviour } from '../catcher/behaviour.ts'
import type { Message } from '../catcher/inbox.ts'
import { html, type Markup, withLinks } from '../markup.ts'
import { troubleNotice } from './trouble.ts'

const shownAtOnce = 30
const shownLetters = 120

/** The inbox, newest first: a page with script swaps exactly this piece. */
export function inboxList(messages: readonly Message[], behaviour: Behaviour): Markup {
  const shown = messages.slice(0, shownAtOnce)
  return html`<div id="inbox-list" data-newest="${messages[0]?.id ?? ''}">
  ${troubleNotice(behaviour)}
  <p role="status">${messages.length === 0 ? 'Nog geen berichten.' : `${messages.length} ${messages.length === 1 ? 'bericht' : 'berichten'}`}</p>
  <ul class="rows" role="list">${shown.map(row)}</ul>
</div>`
}

function row(message: Message): Markup {
  return html`
    <li>
      <p class="meta"><span class="tag">${kindOf(message)}</span> <time datetime="${message.receivedAt}">${clockTime(message.receivedAt)}</time>
        aan <strong><bdi>${receiver(message)}</bdi></strong> van <bdi>${message.from}</bdi></p>
      <p><a href="/messages/${encodeURIComponent(message.id)}">${titleOf(message)}</a></p>
      <p class="preview">${withLinks(preview(message.text))}</p>
    </li>`
}

export const kindOf = (message: Message) => (message.kind === 'mail' ? 'Mail' : 'Sms')

export function titleOf(message: Message): string {
  if (message.subject !== '') return message.subject
  return message.kind === 'sms' ? `Sms van ${message.from}` : '(zonder onderwerp)'
}

/** An SMS centre hears a number without its plus. */
export const receiver = ({ to, sms }: Message) => (sms?.destTon === 1 ? `+${to}` : to)

/** A moment as people write it: 14.35 uur. */
export function clockTime(moment: string): string {
  const time = new Intl.DateTimeFormat('nl-BE', { hour: 'numeric', minute: '2-digit', hour12: false, timeZone: 'Europe/Brussels' })
  return `${time.format(new Date(moment)).replace(':', '.')} uur`
}

/** Whole paragraphs, so that no address is cut. */
function preview(text: string): string {
  const end = text.indexOf('\n\n', shownLetters)
  return end < 0 ? text : `${text.slice(0, end)} …`
}
