import type { Behaviour } from '../catcher/behaviour.ts'
import type { Message } from '../catcher/inbox.ts'
import { html, type Markup, withLinks } from '../markup.ts'
import type { HubFacts } from './facts.ts'
import { clockTime, inboxList, kindOf, receiver, titleOf } from './inbox-list.ts'
import { portals, stories } from './portals.ts'
import { troubleForm } from './trouble.ts'

export function front(facts: HubFacts, messages: readonly Message[], behaviour: Behaviour): Markup {
  const hasDemo = facts.portals.length > 0
  return layout(
    'De demo van Sluis',
    html`
    <h1>De demo van Sluis</h1>
    <p class="why">Alles hier is van deze computer en verzonnen. Er gaat geen mail of sms naar buiten.</p>
    ${hasDemo && html`<p>Iedereen heeft hetzelfde wachtwoord: <code class="key whole">${facts.password}</code></p>`}
    <nav aria-label="Op deze pagina"><ul class="row" role="list">
      ${hasDemo && html`<li><a href="#stories">Probeer dit</a></li>`}
      <li><a href="#trouble">Storing</a></li>
      ${hasDemo && html`<li><a href="#portals">Portalen en mensen</a></li>`}
      <li><a href="#authenticator">Authenticator</a></li><li><a href="#inbox">Postvak</a></li>
    </ul></nav>
    <div class="columns">
    <div>
      ${hasDemo && stories(facts.stories)}
      ${troubleForm(behaviour)}
      ${hasDemo && portals(facts)}
    </div>
    <div class="side">
    <section aria-labelledby="authenticator">
      <h2 id="authenticator">Authenticator</h2>
      <p class="why">Voor wie geen telefoon bij de hand heeft.</p>
      ${authenticatorForm({ typed: '' })}
    </section>
    <section aria-labelledby="inbox">
      <div class="head"><h2 id="inbox">Postvak</h2> <a href="/#inbox" id="refresh">Vernieuwen</a></div>
      ${inboxList(messages, behaviour)}
      ${facts.ports && html`<p class="why">Mail komt binnen op poort ${facts.ports.smtp} (SMTP), sms op poort ${facts.ports.smpp} (SMPP).</p>`}
    </section>
    </div>
    </div>`,
    ['inbox.js', 'qr-reader.js', 'authenticator.js'],
    'hub front',
  )
}

export interface AuthenticatorState {
  typed: string
  refused?: string | undefined
  shown?: { code: string; secondsLeft: number; label: string } | undefined
}

export function authenticatorPage(state: AuthenticatorState): Markup {
  return layout(
    `${state.refused ? 'Fout: ' : ''}Authenticator`,
    html`
    <h1>Authenticator</h1>
    <p class="why">Deze pagina doet wat een app op een telefoon doet: 6 cijfers, elke 30 seconden nieuwe.</p>
    ${authenticatorForm(state)}
    <p><a href="/">Terug naar de demo</a></p>`,
    ['qr-reader.js', 'authenticator.js'],
  )
}

function authenticatorForm({ typed, refused, shown }: AuthenticatorState): Markup {
  return html`
      <form method="post" action="/authenticator" id="authenticator-form">
        <div class="field${refused && ' wrong'}">
          <label for="key">Sleutel of otpauth-adres</label>
          <p class="hint" id="key-hint">De sleutel staat onder de QR-code. Spaties mogen blijven staan.</p>
          <p class="error" id="key-error">${refused}</p>
          <input id="key" name="key" type="text" value="${typed}" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="key-hint key-error"${
            refused && html` aria-invalid="true"`
          }>
        </div>
        <div class="field" id="picture-field" hidden>
          <label for="picture">Afbeelding met de QR-code</label>
          <p class="hint" id="picture-hint">Of sleep of plak de afbeelding op deze pagina.</p>
          <input id="picture" type="file" accept="image/*" aria-describedby="picture-hint">
        </div>
        <div class="sent" id="shown"${!shown && html` hidden`}>
          <p id="shown-label">${shown?.label}</p>
          <p><output class="digits" id="shown-code" for="key">${shown?.code}</output></p>
          <p>Nog <span id="shown-seconds">${shown?.secondsLeft}</span> seconden</p>
        </div>
        <button type="submit" class="primary">Toon de code</button>
      </form>`
}

export function messagePage(message: Message): Markup {
  const title = titleOf(message)
  return layout(
    `${title} - postvak`,
    html`
    <p><a href="/#inbox">Terug naar het postvak</a></p>
    <h1>${title}</h1>
    <dl>
      <div><dt>Soort</dt><dd>${kindOf(message)}</dd></div>
      <div><dt>Van</dt><dd>${message.mail?.fromName && html`${message.mail.fromName}, `}<bdi>${message.from}</bdi></dd></div>
      <div><dt>Aan</dt><dd><bdi>${receiver(message)}</bdi></dd></div>
      <div><dt>Aangekomen</dt><dd><time datetime="${message.receivedAt}">${clockTime(message.receivedAt)}</time></dd></div>
    </dl>
    <section aria-labelledby="text"><h2 id="text">Tekst</h2><pre class="sent">${withLinks(message.text)}</pre></section>
    ${
      message.html !== '' &&
      html`<section aria-labelledby="drawn"><h2 id="drawn">Opgemaakt</h2>
      <iframe sandbox="" src="/messages/${encodeURIComponent(message.id)}/html" title="Het opgemaakte bericht"></iframe></section>`
    }
    ${message.mail && html`<details><summary>Bron</summary><pre class="sent">${message.mail.raw}</pre></details>`}`,
    [],
  )
}

function layout(title: string, main: Markup, scripts: string[], kind = 'hub'): Markup {
  return html`<!doctype html>
<html lang="nl" dir="ltr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title><meta name="robots" content="noindex"><link rel="icon" href="data:,">
  <link rel="stylesheet" href="/assets/style.css">${scripts.map((script) => html`<script src="/assets/${script}" defer></script>`)}</head>
<body class="${kind}">
  <a class="skip" href="#main">Naar de inhoud</a>
  <header class="bar"><a class="logo" href="/">${mark} Sluis: demo</a></header>
  <main id="main" tabindex="-1">${main}
  </main>
  <footer><p>Sluis, de demo. Alle mensen en berichten zijn verzonnen.</p></footer>
</body></html>`
}

/** A ship between two gates, seen from above. */
const mark = html`<svg width="40" height="22" viewBox="0 0 60 32" fill="none" stroke="currentColor" stroke-width="3" aria-hidden="true"><path d="M0 1.5h60M0 30.5h60"/><path d="M12 3 5 16l7 13M56 3l-7 13 7 13" stroke-linejoin="round"/><path fill="currentColor" stroke="none" d="M16 16c4-5 8-7 13-7h13v14H29c-5 0-9-2-13-7z"/></svg>`
