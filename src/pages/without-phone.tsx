import type { ComponentChildren, VNode } from 'preact'
import type { CatalogueKey } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Lead, Notice } from './notice.tsx'
import { Go, Primary, Sentence, Support, safeHref } from './parts.tsx'

export interface Extension {
  readonly browser: string
  readonly name: string
  readonly url: string
}

export interface ExtensionProps {
  readonly frame: Frame
  readonly extensions: readonly Extension[]
  readonly issuer: string
  readonly username: string
}

/** P18: the picture as a file, into a browser's extension. The secret itself stands on P17 alone. */
export function ExtensionPage({ frame, extensions, issuer, username }: ExtensionProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P18.heading')}>
      <Notice kind="warn">
        <p>
          <Lead words={words} of="P18.ownComputer" />
        </p>
      </Notice>
      <Part nr={1} title={words.t('P18.step1')}>
        <Go to={at.enrolPicture}>
          <button type="submit">{words.t('P17.download')}</button>
        </Go>
        <p>{words.t('P18.keep')}</p>
      </Part>
      <Part nr={2} title={words.t('P18.step2')}>
        <ul role="list" class="ways">
          {extensions.map(({ browser, name, url }) => (
            <li>
              <a href={safeHref(url)}>
                {browser}: <span lang="en">{name}</span>
              </a>
            </li>
          ))}
        </ul>
        <Steps frame={frame} of={['P18.puzzle', 'P18.pin']} />
      </Part>
      <Part nr={3} title={words.t('P18.step3')}>
        <Steps frame={frame} of={['P18.open', 'P18.edit', 'P18.plus', 'P18.import', 'P18.upload']} />
        <p class="hint">
          <Sentence words={words} of="P18.byHand" values={{ issuer, username }} />
        </p>
      </Part>
      <Go to={at.enrolApp} with={{ at: 'code' }}>
        <p>{words.t('P18.copy')}</p>
        <Primary>{words.t('P18.toCode')}</Primary>
      </Go>
      <Support frame={frame} />
    </Page>
  )
}

/** P19: for who keeps passwords in a program that can make the codes too. */
export function ManagerPage({ frame }: { readonly frame: Frame }): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P19.heading')}>
      <Notice kind="warn">
        <p>
          <Lead words={words} of="P19.onePlace" />
        </p>
      </Notice>
      <Steps frame={frame} of={['P19.open', 'P19.find', 'P19.paste', 'P19.appears']} />
      <Go to={at.enrolApp}>
        <Primary>{words.t('P19.toKey')}</Primary>
      </Go>
      <Support frame={frame} />
    </Page>
  )
}

const Part = ({ nr, title, children }: { readonly nr: number; readonly title: string; readonly children: ComponentChildren }): VNode => (
  <section class="step" aria-labelledby={`step-${nr}`}>
    <h2 id={`step-${nr}`}>{title}</h2>
    {children}
  </section>
)

const Steps = ({ frame: { words }, of }: { readonly frame: Frame; readonly of: readonly CatalogueKey[] }): VNode => (
  <ol>
    {of.map((it) => (
      <li>{words.t(it)}</li>
    ))}
  </ol>
)
