import type { VNode } from 'preact'
import { canChooseOther, type Instant, mailboxRestsUntil, optionsOf, type Step } from '../decision/index.ts'
import {
  ChoosePage,
  CodePage,
  type CodePageProps,
  DisabledPage,
  type Frame,
  HomePage,
  IdentifyPage,
  MailboxRestsPage,
  NoChannelPage,
  OfferPage,
  PasswordDuePage,
  PasswordPage,
  PausedPage,
  PhonePage,
  render,
  SignInPage,
} from '../pages/index.ts'
import { type Application, oncePerPortal } from '../portals/index.ts'
import { hasOtherMethod, networkPause, type Said, type Situation, type Work, workFor } from '../sign-in/index.ts'
import { codeHolderOf } from '../storage/index.ts'
import { frameFor } from './frame.ts'
import { applicationTitle, codeSentNews, heldBackNews, sentLine, whyLine } from './lines.tsx'
import { lastTwo, maskedMail } from './mask.ts'
import { basePath, type Path, path, pathOf } from './paths.ts'
import { phoneExample, sentenceFor } from './say.ts'
import { chooseEnrolmentPage, enrolPage, isShared, notRegisteredPage, type Scene } from './set-up-pages.tsx'
import type { Answer, Visit } from './visit.ts'

const daySeconds = 86_400
const restHours = mailboxRestsUntil(0) / 3_600_000

export interface Drawn {
  readonly at: Path
  readonly said?: Said | undefined
  /** The person came by the link that turns the second step on early. */
  readonly wanted?: boolean
  /** A page of the session's own, not of a sign-in: how its frame differs. */
  readonly framed?: (frame: Frame) => Frame
}

interface Drawing extends Scene {
  /** What is said kindly, because nothing went wrong. */
  readonly news: CodePageProps['news']
  readonly wanted: boolean
}

/** The page of the step that is due. */
export async function drawStep(
  visit: Visit,
  situation: Situation,
  { at, said, wanted = false, framed = (it) => it }: Drawn,
): Promise<Answer> {
  const isKind = said?.status === 200
  const frame = framed(frameFor(visit, { situation, at: formOf(situation, at), said: isKind ? undefined : said }))
  const news =
    said && isKind ? ({ kind: 'info', text: sentenceFor(said, visit.portal, frame.words, hasOtherMethod(situation)) } as const) : undefined
  const drawing = { visit, situation, frame, news, wanted }
  const draw = pages[situation.step.step] as (step: Step, drawing: Drawing) => VNode | Promise<VNode>
  return pageAnswer(visit, situation, await draw(situation.step, drawing))
}

/** A code form posts to the page of its step, wherever it is drawn. */
const formOf = ({ step, need }: Situation, at: Path): Path => (at === path.signIn ? at : pathOf(step, need))

export function pageAnswer({ portal }: Visit, { request }: Pick<Situation, 'request'>, page: VNode, status = 200): Answer {
  return { status, body: render(page), formActions: onwardsOf(portal).get(request.application ?? '') ?? [] }
}

/** Where a form may lead to after our own redirects, for each application. */
const onwardsOf = oncePerPortal(({ applications }): ReadonlyMap<string, readonly string[]> => {
  const originsOf = ({ client, protects, leadsOnTo }: Application): string[] =>
    [...(client?.redirectUris ?? []), ...(protects ? [protects] : []), ...leadsOnTo].map((it) => new URL(it).origin)
  return new Map(Object.entries(applications).map(([name, it]) => [name, [...new Set(originsOf(it))]]))
})

/** P31 says until when, at every reload. */
export function drawPaused(visit: Visit, situation: Situation, until: Instant): Answer {
  const page = pausedPage(situation, frameFor(visit, { situation, at: path.paused }), until)
  return { ...pageAnswer(visit, situation, page, 429), retryAfterSeconds: Math.ceil((until - visit.now) / 1000) }
}

const pausedPage = ({ need }: Situation, frame: Frame, until: Instant): VNode => (
  <PausedPage frame={frame} until={frame.words.told.waitTime(until)} canUseKnownBrowser={need.rememberedSeconds > 0} />
)

type Pages = { readonly [K in Step['step']]: (step: Extract<Step, { step: K }>, drawing: Drawing) => VNode | Promise<VNode> }

const pages: Pages = {
  identify: (_, { visit, frame }) => (
    <IdentifyPage frame={frame} identifier={visit.portal.identifier} isChanged={visit.query.has('changed')} {...typedName(visit)} />
  ),
  password: (_, drawing) => passwordPage(drawing),
  choose: (step, drawing) => choosePage(drawing, step.because),
  'not-registered': (_, drawing) => notRegisteredPage(drawing),
  prove: (step, drawing) => codePage(step, drawing),
  'register-phone': (step, { visit, situation, frame }) => (
    <PhonePage
      frame={frame}
      example={phoneExample(visit.portal)}
      known={step.known && situation.account?.phone ? lastTwo(situation.account.phone) : undefined}
      typed={visit.fields.get('phone')}
      canChooseOther={hasOtherMethod(situation)}
    />
  ),
  'choose-enrolment': (step, drawing) => chooseEnrolmentPage(drawing, step.options),
  enrol: (_, drawing) => enrolPage(drawing),
  offer: ({ mandatoryAt }, { visit, situation, frame }) => (
    <OfferPage
      frame={frame}
      application={applicationTitle(visit.portal, situation.request.application)}
      {...(mandatoryAt === undefined
        ? {}
        : { date: frame.words.told.date(mandatoryAt), daysLeft: Math.ceil((mandatoryAt - visit.now) / 1000 / daySeconds) })}
    />
  ),
  'mailbox-rests': ({ until }, { frame }) => <MailboxRestsPage frame={frame} until={frame.words.told.moment(until)} hours={restHours} />,
  wait: ({ until }, { situation, frame }) => pausedPage(situation, frame, until),
  refuse: ({ why }, { situation, frame }) =>
    ({
      'no-channel': <NoChannelPage frame={frame} />,
      'method-disabled': <DisabledPage frame={frame} />,
      secured: <PasswordDuePage frame={frame} securedAt={frame.words.told.date(situation.account?.secured_at ?? 0)} />,
      'new-password': <PasswordDuePage frame={frame} securedAt={undefined} />,
    })[why],
  done: (_, { visit, frame }) => homePage(visit, frame),
}

const typedName = ({ fields }: Visit): { name?: string } => {
  const name = fields.get('username')?.slice(0, 250)
  return name ? { name } : {}
}

async function passwordPage({ visit, situation, frame, wanted }: Drawing): Promise<VNode> {
  const { portal } = visit
  const work = await workOf(visit)
  const typed = situation.attempt?.typed_name
  const onePage = (
    <SignInPage
      frame={frame}
      identifier={portal.identifier}
      wanted={wanted}
      work={work}
      isChanged={visit.query.has('changed')}
      {...typedName(visit)}
      {...(canOptIn[portal.enforcement.mode] ? { optIn: basePath(portal) + path.optIn } : {})}
    />
  )
  return { 'one-page': onePage, 'identifier-first': <PasswordPage frame={frame} typed={typed ?? ''} work={work} /> }[situation.need.pages]
}

/** What a script may find out for who types here, while the network pauses. */
async function workOf({ doors: { house }, portal, visitor, formCookie, now }: Visit): Promise<Work | undefined> {
  if ((await networkPause(house, portal, visitor, now)) === undefined) return undefined
  return workFor(house, portal, { ...visitor, form: formCookie }, now)
}

/** Only a portal that leaves the choice to people draws the link. */
const canOptIn = { 'opt-in': true, from: false, 'at-once': false } as const

export function choosePage({ visit, situation, frame }: Scene, because?: 'unknown' | Extract<Step, { step: 'choose' }>['because']): VNode {
  const { account, view, need, facts } = situation
  const options = view ? optionsOf(need, view, facts) : []
  const addresses = {
    email: account?.email ? maskedMail(account.email) : undefined,
    sms: account?.phone ? lastTwo(account.phone) : undefined,
    totp: undefined,
  }
  const choices = options
    .filter((it) => it.state !== 'resting')
    .map(({ method }) => {
      const address = addresses[method]
      return { method, isChosen: account?.last_method === method, ...(address ? { address } : {}) }
    })
  return (
    <ChoosePage
      frame={frame}
      why={whyLine(frame.words, situation, because ?? 'unknown')}
      choices={choices}
      {...(options.length > choices.length && need.mailbox ? { mailAgain: frame.words.told.moment(need.mailbox.countsFrom) } : {})}
      saysWhyNoMail={visit.portal.secondStep.noMailReason}
    />
  )
}

const kinds = {
  'sign-in': { totp: 'app', email: 'mail', sms: 'sms' },
  gate: { totp: 'app', email: 'gate-mail', sms: 'gate-sms' },
  'new-phone': { totp: 'app', email: 'mail', sms: 'new-phone' },
  change: { totp: 'app', email: 'mail', sms: 'sms' },
  'new-email': { totp: 'app', email: 'new-email', sms: 'sms' },
} as const

async function codePage(step: Extract<Step, { step: 'prove' }>, { visit, situation, frame, news }: Drawing): Promise<VNode> {
  const { portal, query } = visit
  const { account, attempt, need, request } = situation
  const { sent, soFar } = attempt ? await sentLine(visit, codeHolderOf(attempt), step.purpose) : {}
  const held = soFar ? undefined : await heldBackNews(visit, situation, frame.words)
  const isSignIn = step.purpose === 'sign-in'
  const days = isSignIn && need.rememberedSeconds > 0 && request.application !== undefined ? portal.secondStep.rememberedBrowser : undefined
  return (
    <CodePage
      frame={frame}
      kind={kinds[step.purpose][step.method]}
      confirms={step.purpose === 'change'}
      why={isSignIn || step.purpose === 'change' ? whyLine(frame.words, situation, step.because) : undefined}
      sent={sent}
      news={news ?? held ?? (query.has('new') && !frame.said ? codeSentNews(frame.words, soFar) : undefined)}
      issuer={portal.name}
      username={account?.shown_name ?? ''}
      remember={days ? { days: days.days, isTicked: days.ticked } : undefined}
      canChooseOther={canChooseOther(step, step.options)}
      saysWhyNoMail={portal.secondStep.noMailReason && isSignIn}
      sharedAddress={step.purpose === 'gate' && isShared(visit, situation)}
    />
  )
}

export function homePage({ portal }: Visit, frame: Frame): VNode {
  const applications = Object.values(portal.applications).flatMap(({ title, client }) => {
    const [href] = client?.postLogoutRedirectUris ?? []
    return href ? [{ title, href }] : []
  })
  return <HomePage frame={frame} applications={applications} />
}
