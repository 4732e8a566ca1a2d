import { type Behaviour, changed, goodBehaviour, type SmppMode, type SmtpMode } from '../catcher/behaviour.ts'
import { type Answer, type Asked, Refusal, redirect } from '../http.ts'
import { html, type Markup } from '../markup.ts'

/* Trouble on demand, from the page: what a tester does with POST /api/behaviour. */

const mail: Record<SmtpMode, string> = {
  accept: 'komt aan',
  '451': 'wordt uitgesteld: later opnieuw (451)',
  '550': 'wordt geweigerd (550)',
  '451-data': 'wordt uitgesteld na het hele bericht (451)',
  '550-data': 'wordt geweigerd na het hele bericht (550)',
  slow: 'komt aan, elk antwoord seconden later',
  silent: 'krijgt geen antwoord meer',
  closed: 'vindt geen mailserver',
}

const sms: Record<SmppMode, string> = {
  accept: 'komt aan',
  refuse: 'wordt geweigerd',
  throttle: 'moet wachten: te druk',
  'fail-receipt': 'wordt aangenomen en komt niet aan',
  'no-receipt': 'komt aan, zonder bericht daarover',
  'refuse-bind': 'komt de centrale niet in',
  silent: 'krijgt geen antwoord meer',
  closed: 'vindt geen sms-centrale',
}

export function troubleForm({ smtp, smpp }: Behaviour): Markup {
  return html`
    <section aria-labelledby="trouble">
      <h2 id="trouble">Storing</h2>
      <form method="post" action="/trouble" class="row">
        <div class="field"><label for="smtp">Mail</label><select id="smtp" name="smtp">${choices(mail, smtp)}</select></div>
        <div class="field"><label for="smpp">Sms</label><select id="smpp" name="smpp">${choices(sms, smpp)}</select></div>
        <button type="submit">Doe dit</button>
      </form>
    </section>`
}

/** One line above the inbox, for who forgot that something is broken on purpose. */
export function troubleNotice({ smtp, smpp }: Behaviour): Markup | false {
  const said = [smtp !== goodBehaviour.smtp && `Mail ${mail[smtp]}.`, smpp !== goodBehaviour.smpp && `Sms ${sms[smpp]}.`]
  const told = said.filter((it) => it !== false).join(' ')
  return told !== '' && html`<div class="notice"><p><strong>Storing aan.</strong> ${told} <a href="/#trouble">Zet uit</a></p></div>`
}

export async function makeTrouble(asked: Asked, now: Behaviour, change: (next: Behaviour) => Promise<void>): Promise<Answer> {
  const next = changed(now, Object.fromEntries(await asked.form()))
  if ('refused' in next) throw new Refusal(422, next.refused)
  await change(next)
  return redirect('/#trouble')
}

const choices = (words: Record<string, string>, now: string): Markup[] =>
  Object.entries(words).map(([mode, text]) => html`<option value="${mode}"${mode === now && html` selected`}>${text}</option>`)
