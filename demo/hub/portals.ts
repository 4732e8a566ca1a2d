import { html, type Markup } from '../markup.ts'
import type { HubFacts, Story } from './facts.ts'

type Portal = HubFacts['portals'][number]
type Person = Portal['people'][number]

/** The stories of the demo, each with where it begins. */
export function stories(all: readonly Story[]): Markup {
  return html`
    <section aria-labelledby="stories">
      <h2 id="stories">Probeer dit</h2>
      <ul class="rows two" role="list">${all.map(
        ({ title, text, link, command }) => html`
        <li>
          <h3>${title}</h3>
          <p>${text}</p>
          ${command && html`<p><code class="key">${command}</code></p>`}
          <p><a href="${link.address}">${link.name}</a></p>
        </li>`,
      )}</ul>
    </section>`
}

/** Each portal with its applications and its people. */
export function portals({ portals: all }: HubFacts): Markup {
  return html`
    <section aria-labelledby="portals">
      <h2 id="portals">Portalen en mensen</h2>
      <p class="why">De toestand hieronder is die van het begin. Wat je zelf verandert, blijft bewaard.</p>
      ${all.map(card)}
    </section>`
}

function card(portal: Portal): Markup {
  const { id, name, address, profile } = portal
  return html`
      <section class="card ${id}" aria-labelledby="portal-${id}">
        <h3 id="portal-${id}">${name}</h3>
        <ul class="row" role="list">
          <li><a href="${address}">Begin</a></li>
          <li><a href="${address}/profile">${profile}</a></li>
          <li><a href="${address}/password">Wachtwoord vergeten</a></li>
          <li><a href="${address}/sign-out">Afmelden</a></li>
        </ul>
        <ul>${portal.applications.map(
          (application) => html`<li><a href="${application.address}">${application.name}</a>: ${application.rule}</li>`,
        )}</ul>
        <ul class="rows" role="list">${portal.people.map(personRow)}</ul>
      </section>`
}

function personRow(person: Person): Markup {
  const { userName, displayName, state, email, phone, key } = person
  return html`
          <li class="person">
            <div>
            <p><strong class="whole"><bdi>${userName}</bdi></strong> (${displayName}): ${state}</p>
            <p class="meta"><bdi>${email}</bdi>${phone && html` · <bdi>${phone}</bdi>`}</p>
            ${key && html`<p class="meta">sleutel <bdi class="whole">${inFours(key)}</bdi></p>`}
            </div>
            ${
              key &&
              html`<form method="post" action="/authenticator" class="row code-of">
              <input type="hidden" name="key" value="${key}">
              <button type="submit">Toon de code<span class="unseen"> van ${userName}</span></button>
              <output></output>
            </form>`
            }
          </li>`
}

const inFours = (key: string) => key.replace(/(.{4})(?=.)/g, '$1 ')
