import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Frame } from './frame.ts'
import { Errors } from './notice.tsx'
import { Sentence, safeHref } from './parts.tsx'

export interface PageProps {
  readonly frame: Frame
  /** The h1 as plain text, for the title. */
  readonly title: string
  /** Drawn as h1, unless the page places its own. */
  readonly ownHeading?: boolean
  /** The page itself tells that something went wrong; said in the title. */
  readonly isError?: boolean
  readonly children: ComponentChildren
}

export function render(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`
}

export function Page({ frame, title, ownHeading, isError, children }: PageProps): VNode {
  const { words, portal, said } = frame
  const state = said || isError ? `${words.t('frame.error')} ` : ''
  return (
    <html lang={words.language} dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${state}${title} - ${portal.name}`}</title>
        <meta name="robots" content="noindex" />
        {portal.styles.map((href) => (
          <link rel="stylesheet" href={href} />
        ))}
        <script src={portal.script} defer />
      </head>
      <body data-place={frame.place}>
        <a class="skip" href="#main">
          {words.t('frame.skip')}
        </a>
        <Header frame={frame} />
        <main id="main" tabindex={-1}>
          {said && <Errors words={words} said={said} />}
          {!ownHeading && <h1>{title}</h1>}
          {children}
        </main>
        <Footer frame={frame} />
      </body>
    </html>
  )
}

function Header({ frame }: { readonly frame: Frame }): VNode {
  const { words, portal, at, languages } = frame
  return (
    <header>
      <div class="bar">
        <a class={portal.logo?.dark ? 'logo own' : 'logo'} href={at.home}>
          {portal.logo ? <Logo {...portal.logo} name={portal.name} /> : portal.name}
        </a>
        {languages.length > 1 && (
          <nav aria-label={words.t('frame.languages')}>
            <ul role="list" class="langs">
              {languages.map((it) => (
                <li>
                  <a href={it.href} lang={it.code} hreflang={it.code} {...(it.isCurrent ? { 'aria-current': 'true' } : {})}>
                    {it.name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </div>
      {frame.account !== undefined && <AccountLine frame={frame} username={frame.account} />}
    </header>
  )
}

function Logo({ src, dark, name }: { readonly src: string; readonly dark?: string; readonly name: string }): VNode {
  const image = <img src={src} alt={name} height={40} />
  if (!dark) return image
  return (
    <picture>
      <source media="(prefers-color-scheme: dark)" srcset={dark} />
      {image}
    </picture>
  )
}

/** Who this is about; inside a session a menu, during a sign-in a way to another account. */
function AccountLine({ frame, username }: { readonly frame: Frame; readonly username: string }): VNode {
  const { words, at, csrf, isSignedIn } = frame
  if (!isSignedIn) {
    return (
      <div class="account">
        <form method="post" action={at.otherAccount}>
          <input type="hidden" name="csrf" value={csrf} />
          <p>
            <Sentence words={words} of="frame.account" values={{ username }} />
          </p>
          <button class="quiet" type="submit">
            {words.t('frame.other')}
          </button>
        </form>
      </div>
    )
  }
  return (
    <div class="account">
      <details class="menu">
        <summary>
          <Person /> <bdi>{username}</bdi>
        </summary>
        <div>
          <a href={at.profile}>{words.label('profile')}</a>
          <form method="post" action={at.signOut}>
            <input type="hidden" name="csrf" value={csrf} />
            <button type="submit">{words.t('frame.signOut')}</button>
          </form>
        </div>
      </details>
    </div>
  )
}

const Person = (): VNode => (
  <svg
    width="24"
    height="24"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    aria-hidden="true"
  >
    <circle cx="12" cy="8" r="4" />
    <path d="M4 21c1-5 4-7 8-7s7 2 8 7" />
  </svg>
)

function Footer({ frame: { words, portal, at } }: { readonly frame: Frame }): VNode {
  // A portal without a guide of its own has ours: how to put an app on a phone.
  const own = { accessibility: [], privacy: [], guide: [{ href: at.enrolHelp, text: words.t('frame.guide') }] }
  const others = (['accessibility', 'privacy', 'guide'] as const).flatMap((it) => {
    const href = portal.links[it]
    return href === undefined ? own[it] : [{ href: safeHref(href), text: words.t(`frame.${it}`) }]
  })
  const links = [{ href: at.message, text: words.t('frame.message') }, ...others]
  return (
    <footer>
      <p class="lock">
        <Lock /> <span>Sluis</span>
      </p>
      <ul role="list">
        {links.map((it) => (
          <li>
            <a href={it.href}>{it.text}</a>
          </li>
        ))}
      </ul>
      {portal.isTest && <p class="test">{words.t('frame.test')}</p>}
    </footer>
  )
}

/** A ship between two gates, seen from above; the water stands higher on its left. */
const Lock = (): VNode => (
  <svg width="60" height="32" viewBox="0 0 60 32" fill="none" stroke="currentColor" stroke-width="3" aria-hidden="true">
    <path d="M0 1.5h60M0 30.5h60" />
    <path d="M12 3 5 16l7 13M56 3l-7 13 7 13" stroke-linejoin="round" />
    <path fill="currentColor" stroke="none" d="M16 16c4-5 8-7 13-7h13v14H29c-5 0-9-2-13-7z" />
  </svg>
)
