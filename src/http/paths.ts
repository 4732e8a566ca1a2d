import type { Proved, Requirement, SecondStep, Step } from '../decision/index.ts'
import { resetPath } from '../delivery/index.ts'
import type { Addresses } from '../pages/index.ts'
import { basePath, oncePerPortal, type Portal } from '../portals/index.ts'

export { basePath }

/** Every page of a portal, relative to its address. */
export const path = {
  start: '/',
  signIn: '/sign-in',
  optIn: '/sign-in/opt-in',
  password: '/sign-in/password',
  offer: '/sign-in/notice',
  postpone: '/sign-in/notice/later',
  choose: '/sign-in/choose',
  notRegistered: '/sign-in/not-registered',
  gateMail: '/sign-in/proof/email',
  gateSms: '/sign-in/proof/sms',
  phone: '/sign-in/phone',
  phoneKnown: '/sign-in/phone/known',
  phoneChange: '/sign-in/phone/change',
  newPhone: '/sign-in/phone/code',
  codeApp: '/sign-in/code/app',
  codeMail: '/sign-in/code/email',
  codeSms: '/sign-in/code/sms',
  resend: '/sign-in/resend',
  where: '/sign-in/where',
  paused: '/sign-in/paused',
  stopped: '/sign-in/stopped',
  mailboxRests: '/sign-in/wait',
  forgot: '/password',
  resetSent: '/password/sent',
  newPassword: resetPath,
  passwordChanged: '/password/done',
  recover: '/recover',
  ticket: '/recover/ticket',
  otherAccount: '/sign-in/other',
  enrol: '/enrol',
  enrolApp: '/enrol/app',
  enrolHelp: '/enrol/help',
  enrolBrowser: '/enrol/browser',
  enrolManager: '/enrol/manager',
  enrolPicture: '/enrol/picture',
  done: '/enrol/done',
  goOn: '/enrol/continue',
  confirm: '/confirm',
  confirmBegin: '/confirm/begin',
  confirmPassword: '/confirm/password',
  confirmChoose: '/confirm/choose',
  confirmResend: '/confirm/resend',
  confirmWhere: '/confirm/where',
  home: '/home',
  profile: '/profile',
  browsers: '/profile/browsers',
  forget: '/profile/browsers/forget',
  forgetAll: '/profile/browsers/forget-all',
  activity: '/profile/activity',
  sessions: '/profile/sessions',
  endSession: '/profile/sessions/end',
  endEverywhere: '/profile/sessions/end-all',
  removeMethod: '/profile/remove/:id',
  renameMethod: '/profile/name/:id',
  addMethod: '/profile/add',
  addBrowser: '/profile/add/browser',
  addManager: '/profile/add/manager',
  addApp: '/profile/add/app',
  addHelp: '/profile/add/help',
  addPicture: '/profile/add/picture',
  replaceApp: '/profile/replace/:id',
  replaceBy: '/profile/replace/:id/app',
  keepBoth: '/profile/keep/:id',
  oldStolen: '/profile/stolen/:id',
  putBack: '/profile/put-back/:id',
  changeEmail: '/profile/email',
  newEmail: '/profile/email/code',
  newEmailResend: '/profile/email/resend',
  newEmailWhere: '/profile/email/where',
  changePhone: '/profile/phone',
  newNumber: '/profile/phone/code',
  newNumberResend: '/profile/phone/resend',
  newNumberWhere: '/profile/phone/where',
  otherNumber: '/profile/phone/other',
  changePassword: '/profile/password',
  signOut: '/sign-out',
  signedOut: '/signed-out',
  notMe: '/not-me',
  notMeShort: '/n',
  secure: '/profile/secure',
  askNotMe: '/profile/activity/not-me',
  message: '/message',
} as const

export type Path = (typeof path)[keyof typeof path]

const secondStepPaths = { totp: path.codeApp, email: path.codeMail, sms: path.codeSms } satisfies Record<SecondStep, Path>
const gatePaths = { totp: path.codeApp, email: path.gateMail, sms: path.gateSms } satisfies Record<SecondStep, Path>

const passwordPaths = { 'one-page': path.signIn, 'identifier-first': path.password } satisfies Record<Requirement['pages'], Path>

/** The only place where a step becomes an address. A new step does not compile until it has a page. */
const stepPaths = {
  identify: path.signIn,
  choose: path.choose,
  'not-registered': path.notRegistered,
  'register-phone': path.phone,
  'choose-enrolment': path.enrol,
  enrol: path.enrolApp,
  offer: path.offer,
  wait: path.paused,
  'mailbox-rests': path.mailboxRests,
  refuse: path.stopped,
  done: path.home,
} satisfies Record<Exclude<Step['step'], 'password' | 'prove'>, Path>

export function pathOf(step: Step, { pages }: Pick<Requirement, 'pages'>): Path {
  if ('purpose' in step) return provePath(step.purpose, step.method)
  return { ...stepPaths, password: passwordPaths[pages] }[step.step]
}

function provePath(purpose: Exclude<Proved['purpose'], 'enrol' | 'recovery'>, method: SecondStep): Path {
  const change = path.confirm
  return { 'sign-in': secondStepPaths[method], gate: gatePaths[method], 'new-phone': path.newPhone, change, 'new-email': change }[purpose]
}

/** The address of a page about one thing of the account. */
export const pathFor = (at: Path, id: string): string => at.replace(':id', id)

/** `code`: where the form of the code that is due posts to. */
export const addressesOf = (portal: Portal, code: Path): Addresses => ({ ...addresses(portal), code: basePath(portal) + code })

const addresses = oncePerPortal((portal): Omit<Addresses, 'code'> => {
  const at = (it: Path): string => basePath(portal) + it
  return {
    home: basePath(portal) || '/',
    signIn: at(path.signIn),
    password: at(path.password),
    offer: at(path.offer),
    postpone: at(path.postpone),
    choose: at(path.choose),
    notRegistered: at(path.notRegistered),
    resend: at(path.resend),
    where: at(path.where),
    phone: at(path.phone),
    phoneKnown: at(path.phoneKnown),
    phoneChange: at(path.phoneChange),
    enrol: at(path.enrol),
    enrolApp: at(path.enrolApp),
    enrolHelp: at(path.enrolHelp),
    enrolPicture: at(path.enrolPicture),
    goOn: at(path.goOn),
    otherAccount: at(path.otherAccount),
    profile: at(path.profile),
    browsers: at(path.browsers),
    forget: at(path.forget),
    forgetAll: at(path.forgetAll),
    activity: at(path.activity),
    askNotMe: at(path.askNotMe),
    secure: at(path.secure),
    sessions: at(path.sessions),
    endSession: at(path.endSession),
    endEverywhere: at(path.endEverywhere),
    signOut: at(path.signOut),
    forgot: at(path.forgot),
    newPassword: at(path.newPassword),
    recover: at(path.recover),
    ticket: at(path.ticket),
    notMe: at(path.notMe),
    message: at(path.message),
  }
})
