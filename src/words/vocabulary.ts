/** The words that a portal chooses once, so that no sentence has two versions. */
export interface Vocabulary {
  readonly verb: 'aanmelden' | 'inloggen'
  readonly phoneNumber: string
  readonly app?: OfLanguage | undefined
  readonly mail?: OfLanguage | undefined
  readonly sms?: OfLanguage | undefined
  readonly proof?: OfLanguage | undefined
  readonly newPhone?: OfLanguage | undefined
  readonly twoStep?: OfLanguage | undefined
}

export type OfLanguage = Readonly<Partial<Record<'nl' | 'en' | 'fr' | 'de', string | undefined>>>

const verbs = {
  aanmelden: {
    signIn: 'aanmelden',
    toSignIn: '[je/u] aan te melden',
    SignInAgain: 'Meld [je/u] opnieuw aan',
    signedIn: 'aangemeld',
    signOut: 'afmelden',
    signedOut: 'afgemeld',
  },
  inloggen: {
    signIn: 'inloggen',
    toSignIn: 'in te loggen',
    SignInAgain: 'Log opnieuw in',
    signedIn: 'ingelogd',
    signOut: 'uitloggen',
    signedOut: 'uitgelogd',
  },
} as const
const english = {
  signIn: 'sign in',
  toSignIn: 'to sign in',
  SignInAgain: 'Sign in again',
  signedIn: 'signed in',
  signOut: 'sign out',
  signedOut: 'signed out',
} as const

const words = ['app', 'mail', 'sms', 'proof', 'newPhone', 'twoStep'] as const

/** Every `{word}` that a sentence may use without being given it; capitals by `{Word}`. */
export function vocabularyIn(language: 'nl' | 'en', vocabulary: Vocabulary): Record<string, string> {
  const isDutch = language === 'nl'
  const verb: Record<string, string> = isDutch ? verbs[vocabulary.verb] : english
  const small: Record<string, string> = {
    ...verb,
    phoneNumber: isDutch ? vocabulary.phoneNumber : 'mobile number',
    ...Object.fromEntries(words.map((it) => [`word.${it}`, vocabulary[it]?.[language] ?? vocabulary[it]?.en ?? usual(it, isDutch)])),
  }
  const capital = Object.entries(small).map(([key, value]) => [capitalised(key), capitalised(value)] as const)
  return { ...Object.fromEntries(capital), ...small }
}

function usual(word: (typeof words)[number], isDutch: boolean): string {
  if (word === 'twoStep') return isDutch ? 'tweestapsverificatie' : 'two-step verification'
  return 'code'
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
