import { writtenIn } from '../factors/index.ts'
import { type Action, type ProfileMethod, type ProfileNews, ProfilePage, RemovePage, RenamePage } from '../pages/index.ts'
import { addable, endingsOf, isPaired, recoversFrom, removal, removeMethod, renameMethod, type Standing } from '../profile/index.ts'
import type { Said } from '../sign-in/index.ts'
import { type AuthenticatorRow, authenticatorsOf, rememberedOf } from '../storage/index.ts'
import type { Told } from '../words/index.ts'
import { changeGets, changePosts } from './changes.tsx'
import { answerChange, asSituation, confirmedPage, confirmGets, confirmPosts, inSession, notYours, sessionFrame } from './confirm.tsx'
import { pageAnswer } from './draw.tsx'
import { standingAt } from './frame.ts'
import { endingPath, linkingGets, linkingPosts } from './linking.tsx'
import { lastTwo, maskedMail } from './mask.ts'
import { basePath, path, pathFor } from './paths.ts'
import { hasPictureFile } from './picture.ts'
import type { Answer, GetRoute, PostRoute, Visit } from './visit.ts'

/** P40. Addresses stand there in full only shortly after a confirmation. */
const profile = inSession(async (visit, standing) => {
  const { account, need, confirmedUntil, portal } = standing
  const frame = sessionFrame(visit, standing, path.profile)
  const { told } = frame.words
  const rows = (await authenticatorsOf(visit.doors.house.storage.db, account.id)).filter(
    (it) => it.ends_at === null || endingsOf(standing, it).length > 0,
  )
  const mailboxes = account.email ? need.methods.filter((it) => it === mailbox) : []
  const isFull = confirmedUntil !== undefined
  const hasFile = await hasPictureFile(visit, account)
  const dateOf = (at: number | undefined): Told | undefined => (at === undefined ? undefined : told.date(at))
  return pageAnswer(
    visit,
    asSituation(standing),
    <ProfilePage
      frame={frame}
      begin={basePath(visit.portal) + path.confirmBegin}
      methods={[
        ...rows.map((it): ProfileMethod => ({ ...methodOf(it), ...datesOf(standing, it, told), actions: actionsOf(standing, rows, it) })),
        ...mailboxes.map((method): ProfileMethod => ({ method, actions: [] })),
      ]}
      {...(addable(standing).length > 0 ? { add: { does: 'add', next: path.addMethod } } : {})}
      email={account.email ? (isFull ? account.email : maskedMail(account.email)) : undefined}
      phone={account.phone ? { number: isFull ? writtenIn(portal.country, account.phone) : lastTwo(account.phone), isFull } : undefined}
      emailRecovers={dateOf(recoversFrom(standing, 'email'))}
      phoneRecovers={dateOf(recoversFrom(standing, 'sms'))}
      details={[
        { does: 'email', next: path.changeEmail },
        ...(portal.sms ? [{ does: 'phone', next: path.changePhone } as const] : []),
        { does: 'password', next: path.changePassword },
      ]}
      remembered={portal.secondStep.rememberedBrowser && (await rememberedOf(visit.doors.house.storage.db, account, visit.now)).length}
      news={newsOf(visit, frame.words.own('P40.afterRemoval'), hasFile ? frame.words.t('P21.deleteFile') : undefined)}
    />,
  )
})
/** Nobody adds a mailbox: it is there with the address. */
const mailbox = 'email'

const methodOf = ({ method, title }: AuthenticatorRow): Pick<ProfileMethod, 'method' | 'title'> => ({
  method,
  ...(title === null ? {} : { title }),
})

function datesOf(
  standing: Standing,
  it: AuthenticatorRow,
  told: { date(at: number): Told },
): Pick<ProfileMethod, 'added' | 'used' | 'endsAt' | 'endedAt'> {
  const end = it.ends_at === null ? {} : { [endingsOf(standing, it).includes('put-back') ? 'endedAt' : 'endsAt']: told.date(it.ends_at) }
  return { added: told.date(it.bound_at), ...(it.last_used_at === null ? {} : { used: told.date(it.last_used_at) }), ...end }
}

function actionsOf(standing: Standing, rows: readonly AuthenticatorRow[], it: AuthenticatorRow): Action[] {
  const { id } = it
  const paired = isPaired(rows, id, standing.now)
  const endings = endingsOf(standing, it)
  const free = !paired && endings.length === 0
  return [
    ...(free && replaces[it.method] ? [{ does: 'replace', next: pathFor(path.replaceApp, id) } as const] : []),
    ...(free ? [{ does: 'remove', next: pathFor(path.removeMethod, id) } as const] : []),
    ...endings.map((does) => ({ does, next: endingPath(does, id) })),
    { does: 'rename', next: pathFor(path.renameMethod, id) },
  ]
}

/** A new phone number takes the place of the old one by itself. */
const replaces = { totp: true, sms: false } as const

/** What just happened, said once by the page that the change led to. */
function newsOf({ query }: Visit, afterRemoval: string | undefined, deleteFile: string | undefined): ProfileNews | undefined {
  const news: Readonly<Record<string, ProfileNews>> = {
    'removed-totp': { of: 'notice.methodRemoved', names: 'P40.app', also: afterRemoval },
    'removed-sms': { of: 'notice.smsRemoved', names: 'P40.sms', also: afterRemoval },
    added: { of: 'notice.methodAdded', names: 'P40.app', also: deleteFile },
    replacing: { of: 'notice.replacing', also: deleteFile },
    kept: { of: 'notice.keptBoth' },
    stolen: { of: 'notice.stolen' },
    back: { of: 'notice.putBack' },
    renamed: { of: 'notice.renamed' },
    email: { of: 'notice.emailChanged' },
    phone: { of: 'notice.phoneChanged' },
    number: { of: 'P17.phoneChecked' },
    password: { of: 'notice.passwordIsChanged' },
  }
  const asked = query.get('news') ?? ''
  return Object.hasOwn(news, asked) ? news[asked] : undefined
}

// ---- P43 and the name ----

async function removePage(visit: Visit, standing: Standing, said?: Said): Promise<Answer> {
  const { portal } = visit
  const id = visit.id ?? ''
  const found = await removal(visit.doors.house.storage.db, standing, id)
  if (!found) return notYours(visit)
  const at = (it: string): string => basePath(portal) + it
  return pageAnswer(
    visit,
    asSituation(standing),
    <RemovePage
      frame={standingAt(sessionFrame(visit, standing, path.profile, said), at(pathFor(path.removeMethod, id)))}
      method={methodOf(found.method)}
      isLast={found.isLast}
      gate={found.gate}
      ownLabel={'removeApp' in portal.labels}
      addresses={{
        remove: at(pathFor(path.removeMethod, id)),
        begin: at(path.confirmBegin),
        profile: at(path.profile),
        replace: replaces[found.method.method] ? pathFor(path.replaceApp, id) : undefined,
      }}
    />,
  )
}

async function renamePage(visit: Visit, standing: Standing, said?: Said): Promise<Answer> {
  const id = visit.id ?? ''
  const found = await removal(visit.doors.house.storage.db, standing, id)
  if (!found) return notYours(visit)
  return pageAnswer(
    visit,
    asSituation(standing),
    <RenamePage
      frame={standingAt(sessionFrame(visit, standing, path.profile, said), basePath(visit.portal) + pathFor(path.renameMethod, id))}
      action={basePath(visit.portal) + pathFor(path.renameMethod, id)}
      name={visit.fields.get('name') ?? found.method.title ?? ''}
      profile={basePath(visit.portal) + path.profile}
    />,
  )
}

const remove = inSession(async (visit, standing) => {
  const id = visit.id ?? ''
  const method = (await removal(visit.doors.house.storage.db, standing, id))?.method.method
  const outcome = await removeMethod(visit.doors.house, standing, visit.visitor, id)
  return answerChange(visit, outcome, `${path.profile}?news=removed-${method}`, removePage)
})

const rename = inSession(async (visit, standing) => {
  const outcome = await renameMethod(visit.doors.house, standing, visit.visitor, visit.id ?? '', visit.fields.get('name') ?? '')
  return answerChange(visit, outcome, `${path.profile}?news=renamed`, renamePage)
})

export const profileGets: readonly GetRoute[] = [
  { path: path.profile, handler: profile },
  { path: path.removeMethod, handler: confirmedPage(removePage) },
  { path: path.renameMethod, handler: confirmedPage(renamePage) },
  ...linkingGets,
  ...changeGets,
  ...confirmGets,
]

export const profilePosts: readonly PostRoute[] = [
  { path: path.removeMethod, fields: [], handler: remove },
  { path: path.renameMethod, fields: ['name'], handler: rename },
  ...linkingPosts,
  ...changePosts,
  ...confirmPosts,
]
