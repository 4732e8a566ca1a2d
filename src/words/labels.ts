import type { Both } from './catalogue.ts'

/** Buttons and links whose words a portal may set, and what they say where it does not. */
export const labels = {
  start: ['{SignIn}', 'Sign in'],
  signIn: ['{SignIn}', 'Sign in'],
  identify: ['Volgende', 'Next'],
  password: ['{SignIn}', 'Sign in'],
  choose: ['Doorgaan', 'Continue'],
  notRegistered: ['Doorgaan', 'Continue'],
  forgot: ['Wachtwoord vergeten', 'Forgotten password'],
  sendReset: ['Stuur een herstellink', 'Send a reset link'],
  confirm: ['Bevestigen', 'Confirm'],
  proof: ['Bevestigen', 'Confirm'],
  phone: ['Stuur een sms', 'Send a text message'],
  resend: ['Stuur een nieuwe code', 'Send a new code'],
  enrol: ['Bevestigen', 'Confirm'],
  appCode: ['{SignIn}', 'Sign in'],
  mailCode: ['{SignIn}', 'Sign in'],
  smsCode: ['{SignIn}', 'Sign in'],
  profile: ['Profiel', 'Profile'],
  removeApp: ['Verwijder de authenticator-app', 'Remove the app'],
  newEmail: ['Bevestigen', 'Confirm'],
  optIn: ['Zet de tweede stap nu al aan', 'Turn on the second step now'],
  enrolApp: ['Verder met de authenticator-app', 'Continue with the app'],
  enrolSms: ['Verder met sms', 'Continue with text messages'],
} satisfies Record<string, Both>

/** `afterQr` has no words of its own: a portal that has the button gives them. */
export type LabelKey = keyof typeof labels | 'afterQr'
