import type { ComponentChildren, VNode } from 'preact'
import type { CatalogueKey, Part, Values, Words } from '../words/index.ts'
import type { Frame } from './frame.ts'

export interface SentenceProps {
  readonly words: Words
  readonly of: CatalogueKey
  readonly values?: Values
}

/** A sentence of the catalogue with its values marked: moments as <time>, the rest as <bdi>. */
export function Sentence({ words, of, values }: SentenceProps): VNode {
  return <>{words.parts(of, values).map(piece)}</>
}

/** A piece of a sentence, marked. */
export function piece(part: Part): ComponentChildren {
  if (typeof part === 'string') return part
  const { name, value } = part
  if (typeof value === 'object') return <time dateTime={new Date(value.at).toISOString()}>{value.text}</time>
  if (typeof value === 'number') return String(value)
  return <bdi class={name === 'ref' ? 'ref' : name === 'address' ? 'whole' : undefined}>{value}</bdi>
}

/** Links that are not ours: only what a person may follow, never a script. */
export function safeHref(href: string): string {
  return /^(https?:|mailto:|tel:|otpauth:)/i.test(href) ? href : '#'
}

export interface FieldProps {
  readonly frame: Frame
  readonly name: string
  readonly label: string
  /** One line, or several. */
  readonly hint?: string | readonly string[] | undefined
  readonly type?: 'text' | 'password' | 'tel' | 'email'
  readonly autocomplete: string
  readonly inputmode?: 'numeric' | 'tel' | 'email'
  readonly value?: string | undefined
  readonly className?: string
  readonly plain?: boolean
  readonly autofocus?: boolean
}

/** Label, hint, error, input: in this order, tied together for who hears the page. */
export function Field(props: FieldProps): VNode {
  const { frame, name, label, hint = [], type = 'text', autocomplete, inputmode, value, className, plain, autofocus } = props
  const { said, words } = frame
  const wrong = said?.field === name
  const hints = [hint].flat()
  const described = [...(hints.length > 0 ? [`${name}-hint`] : []), ...(wrong ? [`${name}-error`] : [])].join(' ')
  const input = (
    <input
      {...(className ? { class: className } : {})}
      id={name}
      name={name}
      type={type as 'text'} // the types of the input want one literal; all three take these attributes
      autocomplete={autocomplete}
      {...(inputmode ? { inputmode } : {})}
      {...(value === undefined ? {} : { value })}
      {...(plain ? { autocapitalize: 'none', spellcheck: false } : {})}
      {...(described ? { 'aria-describedby': described } : {})}
      {...(wrong ? { 'aria-invalid': 'true' as const } : {})}
      {...(autofocus ? { autofocus } : {})}
    />
  )
  return (
    <div class={wrong ? 'field wrong' : 'field'}>
      <label for={name}>{label}</label>
      {hints.length > 0 && (
        <p class="hint" id={`${name}-hint`}>
          {hints.flatMap((it, nr) => (nr === 0 ? [it] : [<br />, it]))}
        </p>
      )}
      {wrong && (
        <p class="error" id={`${name}-error`}>
          <span class="vh">{words.t('frame.error')}</span> {said.text}
        </p>
      )}
      {type === 'password' ? <div class="row">{input}</div> : input}
    </div>
  )
}

export interface CodeFieldProps {
  readonly frame: Frame
  readonly label: string
  readonly hint: FieldProps['hint']
  readonly autofocus?: boolean
}

export function CodeField(props: CodeFieldProps): VNode {
  return <Field {...props} name="code" autocomplete="one-time-code" inputmode="numeric" className="code" plain />
}

export interface FormProps {
  readonly frame: Frame
  readonly action: string
  readonly children: ComponentChildren
  readonly className?: string | undefined
  readonly work?: FormWork | undefined
}

/** What a script looks for while the person types: see sign-in/work.ts. */
export interface FormWork {
  readonly question: string
  readonly bits: number
}

export function Form({ frame, action, children, className, work }: FormProps): VNode {
  const { words, said } = frame
  const forScript = work && {
    'data-work': work.question,
    'data-bits': work.bits,
    'data-wait': words.t('work.wait'),
    ...(said ? { 'data-ready': words.t('work.ready') } : {}),
  }
  return (
    <form method="post" action={action} novalidate class={className} {...forScript}>
      <input type="hidden" name="csrf" value={frame.csrf} />
      {frame.next !== undefined && <input type="hidden" name="next" value={frame.next} />}
      {children}
    </form>
  )
}

/** A button that only leads somewhere: changes nothing, so it carries no proof. */
export function Go({
  to,
  with: values = {},
  children,
}: {
  readonly to: string
  readonly with?: Record<string, string>
  readonly children: ComponentChildren
}): VNode {
  return (
    <form method="get" action={to}>
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  )
}

export const Primary = ({ children }: { readonly children: ComponentChildren }): VNode => (
  <button class="primary" type="submit">
    {children}
  </button>
)

/** Above the code field, in a form of its own: Enter in the field never asks for another code. A manual calls it a link. */
export const SendAgain = ({ frame }: { readonly frame: Frame }): VNode => (
  <Form frame={frame} action={frame.at.resend} className="again">
    <p>{frame.words.t('C04.question')}</p>
    <button class="quiet" type="submit">
      {frame.words.label('resend')}
    </button>
  </Form>
)

/** Below a list of the profile: the way back that does not need the menu. */
export const ToProfile = ({ frame: { words, at } }: { readonly frame: Frame }): VNode => (
  <p>
    <a href={at.profile}>{words.t('P35.back')}</a>
  </p>
)

/** Who helps, in the same place on every page. */
export function Support({ frame: { words, portal, helpNumber } }: { readonly frame: Frame }): VNode {
  return (
    <section class="help" aria-labelledby="help">
      <h2 id="help">{words.t('frame.help')}</h2>
      <div class="stack">
        <p>{portal.support.map((it, nr) => [nr > 0 && <br />, 'link' in it ? <a href={safeHref(it.link)}>{it.text}</a> : it.text])}</p>
        {helpNumber !== undefined && (
          <p>
            {words
              .parts('frame.helpNumber', { number: helpNumber })
              .map((it) => (typeof it === 'string' ? it : <bdi class="num">{helpNumber}</bdi>))}
          </p>
        )}
      </div>
    </section>
  )
}

/** What helps when the code of an app is not taken. */
export function AppTrouble({
  words,
  issuer,
  username,
  wayBack,
}: {
  readonly words: Words
  readonly issuer: string
  readonly username: string
  /** The line of the page for who no longer has the app. */
  readonly wayBack?: string
}): VNode {
  return (
    <details>
      <summary>{words.t('C07.notWorking')}</summary>
      <ul>
        <li>
          <Sentence words={words} of="C07.entry" values={{ issuer, username }} />
        </li>
        <li>{words.t('C07.wait')}</li>
        <li>{words.t('C07.clock')}</li>
        <li>
          <Sentence words={words} of="C07.twice" values={{ issuer }} />
        </li>
        {wayBack !== undefined && <li>{words.t('C07.new')}</li>}
        {wayBack !== undefined && <li>{words.t('C07.gone', { line: wayBack })}</li>}
      </ul>
    </details>
  )
}
