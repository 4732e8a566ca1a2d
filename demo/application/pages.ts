import { html, type Markup } from '../markup.ts'
import { levelInWords, momentInWords, waysInWords } from './claims.ts'
import type { Registration } from './registry.ts'
import { storyOf } from './story.ts'

export function startPage(registration: Registration, notice?: string): Markup {
  const { words, title, path, portalName } = registration
  return layout(
    registration,
    title,
    html`
    ${notice && html`<div class="notice" role="status"><p>${notice}</p></div>`}
    <h1>${title}</h1>
    <p class="why">Dit is een toepassing van ${portalName}. Het aanmelden zelf doet Sluis.</p>
    <form method="post" action="/${path}/sign-in"><button type="submit" class="primary">${words.signIn}</button></form>
    ${optIn(registration)}`,
  )
}

export function signedInPage(registration: Registration, claims: Record<string, unknown>): Markup {
  const { words, title, path, issuer } = registration
  return layout(
    registration,
    words.signedIn,
    html`
    <h1>${words.signedIn}</h1>
    <p class="why">Welkom bij ${title}.</p>
    <dl>
      <div><dt>Kenmerk (sub)</dt><dd><bdi>${String(claims.sub ?? '')}</bdi></dd></div>
      <div><dt>Hoe zeker (acr)</dt><dd>${levelInWords(claims.acr)}</dd></div>
      <div><dt>Waarmee (amr)</dt><dd>${waysInWords(claims.amr)}</dd></div>
      <div><dt>Wanneer (auth_time)</dt><dd>${momentInWords(claims.auth_time)}</dd></div>
    </dl>
    <ul>
      <li><a href="/${path}/story">Wat ${title} nu weet, in gewone woorden</a></li>
      <li><a href="/${path}/vault">De kluis: een deel dat meer zekerheid vraagt</a></li>
      <li><a href="${issuer}/profile">${words.profile}</a></li>
    </ul>
    ${optIn(registration)}
    <form method="post" action="/${path}/sign-out"><button type="submit">${words.signOut}</button></form>`,
  )
}

/** What the id_token tells, sentence by sentence. */
export function storyPage(registration: Registration, claims: Record<string, unknown>): Markup {
  const { title, path, portalName } = registration
  return layout(
    registration,
    `Wat ${title} weet`,
    html`
    <h1>Wat ${title} weet</h1>
    <p class="why">Na het aanmelden geeft Sluis een bewijs aan deze toepassing. Dit staat erin.</p>
    <dl>${storyOf(claims, title, portalName).map(({ claim, text }) => html`<div><dt><code>${claim}</code></dt><dd>${text}</dd></div>`)}</dl>
    <p><a href="/${path}">Terug naar ${title}</a></p>`,
  )
}

/** The part that needs more, open. */
export function vaultPage(registration: Registration, claims: Record<string, unknown>): Markup {
  const { title, path } = registration
  return layout(
    registration,
    'De kluis is open',
    html`
    <h1>De kluis is open</h1>
    <p>De tweede stap is net gezet: ${waysInWords(claims.amr)}, op ${momentInWords(claims.auth_time)}.</p>
    <p><a href="/${path}">Terug naar ${title}</a></p>`,
  )
}

/** The same part, closed: what is missing, and one button. `hasTried`: they come back from a sign-in that was not enough, or long ago. */
export function stepUpPage(registration: Registration, hasTried: boolean): Markup {
  const { title, path } = registration
  return layout(
    registration,
    'De kluis vraagt meer zekerheid',
    html`
    <h1>De kluis vraagt meer zekerheid</h1>
    <p>Voor dit deel is een tweede stap nodig van de laatste vijf minuten: een code uit de app, of per sms als het portaal die stuurt.</p>
    ${hasTried && html`<p>Dat is nog niet gelukt. Een code per e-mail telt hier niet.</p>`}
    <form method="post" action="/${path}/vault"><button type="submit" class="primary">Doorgaan</button></form>
    <p><a href="/${path}">Terug naar ${title}</a></p>`,
  )
}

/** Calm: what happened, and one thing to do. `code` is what the other side called it. */
export function troublePage(registration: Registration, sentence: string, code?: string): Markup {
  const { words, title, path } = registration
  return layout(
    registration,
    `${words.signIn} lukt nu niet`,
    html`
    <h1>${words.signIn} lukt nu niet</h1>
    <p>${sentence}</p>
    ${code && html`<p class="why">Voor de beheerder van ${title}: <code>${code}</code></p>`}
    <form method="post" action="/${path}/sign-in"><button type="submit" class="primary">Opnieuw proberen</button></form>
    <p><a href="/${path}">Terug naar ${title}</a></p>`,
  )
}

export function listPage(registrations: readonly Registration[]): Markup {
  return document_(
    '',
    'De toepassingen van de demo',
    '/',
    'Sluis: toepassingen',
    html`
    <h1>De toepassingen van de demo</h1>
    <ul class="rows" role="list">${registrations.map((registration) => html`<li><a href="/${registration.path}">${registration.title}</a> (${registration.portalName})</li>`)}</ul>`,
  )
}

function optIn({ words, issuer }: Registration): Markup | false {
  return words.optIn !== undefined && html`<p><a href="${issuer}${words.optIn.path}">${words.optIn.label}</a></p>`
}

const layout = (registration: Registration, title: string, main: Markup) =>
  document_(
    registration.path.split('/')[0] ?? '',
    `${title} - ${registration.portalName}`,
    `/${registration.path}`,
    `${registration.portalName}: ${registration.title}`,
    main,
  )

function document_(brand: string, title: string, home: string, name: string, main: Markup): Markup {
  return html`<!doctype html>
<html lang="nl" dir="ltr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title><meta name="robots" content="noindex"><link rel="icon" href="data:,">
  <link rel="stylesheet" href="/assets/style.css"></head>
<body class="${brand}">
  <a class="skip" href="#main">Naar de inhoud</a>
  <header class="bar"><a class="logo" href="${home}">${name}</a></header>
  <main id="main" tabindex="-1">${main}
  </main>
  <footer><p>Een toepassing van de demo. Alle mensen zijn verzonnen.</p></footer>
</body></html>`
}
