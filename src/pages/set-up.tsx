import type { VNode } from 'preact'
import type { SecondStep } from '../decision/index.ts'
import type { CatalogueKey, LabelKey } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Lead, Notice, SharedAddress } from './notice.tsx'
import { Form, Primary, Support } from './parts.tsx'

export interface ChooseEnrolmentProps {
  readonly frame: Frame
  /** In the order of the portal. Only an app and a number are set up; a mailbox is there already and makes no button. */
  readonly choices: readonly SecondStep[]
  readonly saysWhyNoMail: boolean
  readonly sharedAddress: boolean
}

const choiceWords: Readonly<Partial<Record<SecondStep, { readonly button: LabelKey; readonly line: CatalogueKey }>>> = {
  totp: { button: 'enrolApp', line: 'P15.app' },
  sms: { button: 'enrolSms', line: 'P15.sms' },
}

/** P15: where the code shall come from. Each choice is a form with one button and one line. */
export function ChooseEnrolmentPage({ frame, choices, saysWhyNoMail, sharedAddress }: ChooseEnrolmentProps): VNode {
  const { words, said } = frame
  const drawn = choices.flatMap((method) => (choiceWords[method] ? [{ method, ...choiceWords[method] }] : []))
  return (
    <Page frame={frame} title={words.t('P15.heading')}>
      {drawn.length > 1 && <p>{words.t('P15.both')}</p>}
      {said?.field === 'method' && (
        <p class="error" id="method-error">
          <span class="vh">{words.t('frame.error')}</span> {said.text}
        </p>
      )}
      <ul role="list" class="rows" id="method" tabindex={-1}>
        {drawn.map(({ method, button, line }, nr) => (
          <Choice frame={frame} method={method} isFirst={nr === 0} button={words.label(button)} line={words.t(line)} />
        ))}
        {choices.includes('totp') &&
          ways.map((by) => <Choice frame={frame} method="totp" by={by} button={words.t(`P15.${by}`)} line={words.t(`P15.${by}Line`)} />)}
      </ul>
      {saysWhyNoMail && <p class="hint">{words.t('reason.noMail')}</p>}
      {sharedAddress && <SharedAddress words={words} />}
      <Support frame={frame} />
    </Page>
  )
}

/** The same code, made elsewhere than on a phone. */
const ways = ['browser', 'manager'] as const

function Choice({
  frame,
  method,
  by,
  isFirst = false,
  button,
  line,
}: {
  readonly frame: Frame
  readonly method: SecondStep
  readonly by?: string
  readonly isFirst?: boolean
  readonly button: string
  readonly line: string
}): VNode {
  const id = `line-${by ?? method}`
  return (
    <li>
      <Form frame={frame} action={frame.at.enrol}>
        <input type="hidden" name="method" value={method} />
        {by && <input type="hidden" name="by" value={by} />}
        <button class={isFirst ? 'primary' : undefined} type="submit" aria-describedby={id}>
          {button}
        </button>
        <p class="hint" id={id}>
          {line}
        </p>
      </Form>
    </li>
  )
}

const shops: readonly (readonly [name: string, steps: readonly CatalogueKey[]])[] = [
  ['iPhone', ['P16.appStore', 'P16.search', 'P16.maker', 'P16.get']],
  ['Android', ['P16.playStore', 'P16.search', 'P16.maker', 'P16.install']],
  ['Microsoft Authenticator', ['P16.msOpen', 'P16.msAdd', 'P16.msOther', 'P16.camera', 'P16.scan']],
  ['Google Authenticator', ['P16.gOpen', 'P16.gAccount', 'P16.gAdd', 'P16.camera', 'P16.scan']],
]

/** P16: how to put an app on a phone. A guide may lead here as well, so the way back is only drawn while setting up. */
export function InstallAppPage({ frame, isEnrolling }: { readonly frame: Frame; readonly isEnrolling: boolean }): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P16.heading')}>
      <p>{words.t('P16.any')}</p>
      {isEnrolling && (
        <p class="after">
          <a href={at.enrolApp}>{words.t('P16.back')}</a>
        </p>
      )}
      <ul role="list" class="ways">
        {shops.map(([name], nr) => (
          <li>
            <a href={`#app-${nr}`}>{name}</a>
          </li>
        ))}
      </ul>
      {shops.map(([name, steps], nr) => (
        <section class="step" aria-labelledby={`app-${nr}`}>
          <h2 id={`app-${nr}`}>{name}</h2>
          <ol>
            {steps.map((it) => (
              <li>{words.t(it)}</li>
            ))}
          </ol>
        </section>
      ))}
      <Notice>
        <p>
          <Lead words={words} of="P16.note" />
        </p>
      </Notice>
      <Support frame={frame} />
    </Page>
  )
}

export interface DoneProps {
  readonly frame: Frame
  readonly method: 'app' | 'sms'
  /** Where the button leads, as people call it. */
  readonly application: string
  /** The picture was downloaded: a file with the secret lies somewhere. */
  readonly hasFile?: boolean
  /** Another method that can be set up now: two are safer than one. `next` is where its form leads. */
  readonly also?: { readonly method: 'app' | 'sms'; readonly begin: string; readonly next: string } | undefined
}

/** P21: it is set up and the person is in. */
export function DonePage({ frame, method, application, hasFile, also }: DoneProps): VNode {
  const { words, at } = frame
  const [heading, body]: readonly [CatalogueKey, CatalogueKey] =
    method === 'app' ? ['P21.heading', 'P21.body'] : ['P21.headingSms', 'P21.bodySms']
  return (
    <Page frame={frame} title={words.t(heading)} ownHeading>
      <svg
        class="done"
        width="48"
        height="48"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <circle cx="12" cy="12" r="9" />
        <path d="m8 12.5 3 3 5.5-6" />
      </svg>
      <h1>{words.t(heading)}</h1>
      <p>{words.t(body)}</p>
      {hasFile && (
        <Notice kind="warn">
          <p>
            <Lead words={words} of="P21.deleteFile" />
          </p>
        </Notice>
      )}
      <Form frame={frame} action={at.goOn}>
        <Primary>{words.t('P21.continue', { application })}</Primary>
      </Form>
      {also && (
        <>
          <Notice>
            <p>
              <Lead words={words} of={also.method === 'sms' ? 'P21.alsoSms' : 'P21.alsoApp'} />
            </p>
          </Notice>
          <Form frame={{ ...frame, next: also.next }} action={also.begin}>
            <button type="submit">{words.t(also.method === 'sms' ? 'P21.setSms' : 'P21.setApp')}</button>
          </Form>
        </>
      )}
      <Support frame={frame} />
    </Page>
  )
}
