import type { VNode } from 'preact'
import { optionsOf } from '../decision/index.ts'
import { isOlderThan, type OpenEnrolment, openPending, qrModules } from '../enrolment/index.ts'
import { base32, keyUri } from '../factors/index.ts'
import { ChooseEnrolmentPage, EnrolAppPage, type EnrolAppProps, type Frame, NotRegisteredPage } from '../pages/index.ts'
import type { Situation } from '../sign-in/index.ts'
import { maskedMail } from './mask.ts'
import type { Visit } from './visit.ts'

/* Setting up a method: which one, that it is not there yet, and the picture of an app; in a sign-in and from the profile. */

/** What a page is drawn from. */
export interface Scene {
  readonly visit: Visit
  readonly situation: Situation
  readonly frame: Frame
}

export function chooseEnrolmentPage(
  { visit, situation, frame }: Scene,
  options: readonly { readonly method: 'totp' | 'email' | 'sms' }[],
): VNode {
  return (
    <ChooseEnrolmentPage
      frame={frame}
      choices={options.map((it) => it.method)}
      saysWhyNoMail={visit.portal.secondStep.noMailReason}
      sharedAddress={isShared(visit, situation)}
    />
  )
}

export function notRegisteredPage({ situation, frame }: Scene): VNode {
  const email = situation.account?.email
  return <NotRegisteredPage frame={frame} address={email ? maskedMail(email) : undefined} />
}

/** The only page that ever holds the secret; another browser that began anew took it away from here. */
export async function enrolPage(scene: Scene): Promise<VNode> {
  const { situation, frame } = scene
  const { attempt, facts, step } = situation
  const hasNewPhone = facts.some((it) => it.fact === 'proved' && it.purpose === 'new-phone')
  const options = situation.view ? optionsOf(situation.need, situation.view, facts) : []
  const page = await linkPage(scene, frame, (pending) => ({
    news: attempt && isOlderThan(pending, attempt) ? 'came-back' : hasNewPhone ? 'phone-checked' : undefined,
    canChooseOther: 'method' in step && options.length > 1,
  }))
  return page ?? notRegisteredPage(scene)
}

/** The picture, the key and the first code, for who may see them in this sign-in or session; undefined when there is no secret to show. */
export async function linkPage(
  { visit, situation: { account, attempt } }: Omit<Scene, 'frame'>,
  frame: Frame,
  more: (pending: OpenEnrolment) => Pick<EnrolAppProps, 'news' | 'canChooseOther' | 'replaces'>,
): Promise<VNode | undefined> {
  const { house } = visit.doors
  const pending = account && attempt && (await openPending(house.storage.db, house, account.id, attempt.id, visit.now))
  if (!account || !attempt || !pending) return undefined
  const uri = keyUri(visit.portal.name, account.shown_name, pending.seed)
  return (
    <EnrolAppPage
      frame={frame}
      modules={await qrModules(uri)}
      keyUri={uri}
      secret={base32(pending.seed)}
      issuer={visit.portal.name}
      username={account.shown_name}
      focusCode={visit.query.has('at')}
      {...more(pending)}
    />
  )
}

export const isShared = ({ portal }: Visit, { account }: Situation): boolean =>
  portal.sharedMailboxes.includes((account?.email ?? '').split('@')[0]?.toLowerCase() ?? '')
