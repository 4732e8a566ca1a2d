/*
 * The cast: twelve people, each in one state, the same in the demo, the gallery and the tests.
 * All are invented; mailboxes end in .test, which never exists (RFC 2606).
 */

export interface Person {
  portal: string
  userName: string
  givenName: string
  familyName: string
  email: string
  phone?: string
  /** The key of the app this person already has: base32, 20 bytes, printed in the demo and worth nothing elsewhere. */
  totpKey?: string
  isDisabled?: true
  /** One line for who looks for somebody to try. */
  state: string
}

/** One for all: the demo is about the second step. */
export const castPassword = 'twaalf eenden zwemmen traag'

export const cast: readonly Person[] = [
  {
    portal: 'c-point',
    userName: 'anna',
    givenName: 'Anna',
    familyName: 'Jansen',
    email: 'anna@haven.test',
    totpKey: 'IJS43TLYLOYYM6TD45W35KYKPFAGDTUU',
    state: 'heeft een authenticator-app',
  },
  {
    portal: 'c-point',
    userName: 'bram',
    givenName: 'Bram',
    familyName: 'Peeters',
    email: 'bram@haven.test',
    state: 'nieuw: alleen een wachtwoord en een mailadres',
  },
  {
    portal: 'c-point',
    userName: 'cato',
    givenName: 'Cato',
    familyName: 'Wouters',
    email: 'balie@haven.test',
    totpKey: 'USK7TAZUCCEPWJRM4EBDORRWGAQYNSHO',
    state: 'heeft een app; deelt een mailbox met Daan',
  },
  {
    portal: 'c-point',
    userName: 'daan',
    givenName: 'Daan',
    familyName: 'Claes',
    email: 'balie@haven.test',
    totpKey: 'ZSKFVBWLEJR7YNTSYZCABIO73BU7L7XC',
    state: 'heeft een app; deelt een mailbox met Cato',
  },
  {
    portal: 'c-point',
    userName: 'joop',
    givenName: 'Joop',
    familyName: 'Maes',
    email: 'joop@haven.test',
    isDisabled: true,
    state: 'account staat uit: lijkt op een verkeerd wachtwoord',
  },
  {
    portal: 'profiportaal',
    userName: 'hana',
    givenName: 'Hana',
    familyName: 'Visser',
    email: 'hana@winkel.test',
    totpKey: 'Z7E5X36Q6X6L6WUZMD3CV4677EALEXJW',
    state: 'heeft een authenticator-app',
  },
  {
    portal: 'profiportaal',
    userName: 'ida',
    givenName: 'Ida',
    familyName: 'Smit',
    email: 'ida@winkel.test',
    state: 'nieuw: alleen een wachtwoord en een mailadres',
  },
  {
    portal: 'koop-cam',
    userName: 'eef',
    givenName: 'Eef',
    familyName: 'de Boer',
    email: 'eef@gemeente.test',
    phone: '+31612345678',
    state: 'nieuw: telefoonnummer bekend, nog geen app',
  },
  {
    portal: 'koop-cam',
    userName: 'fons',
    givenName: 'Fons',
    familyName: 'Mulder',
    email: 'fons@gemeente.test',
    state: 'nieuw: geen telefoonnummer bekend, nog geen app',
  },
  {
    portal: 'koop-cam',
    userName: 'guus',
    givenName: 'Guus',
    familyName: 'Bakker',
    email: 'guus@gemeente.test',
    phone: '+31687654321',
    totpKey: 'OFPBYNUNKYCLP7U2PSDSFWNEQ7QQDEUP',
    state: 'heeft een authenticator-app',
  },
  {
    portal: 'uitpas',
    userName: 'gijs@balie.test',
    givenName: 'Gijs',
    familyName: 'Mertens',
    email: 'gijs@balie.test',
    phone: '+32470123456',
    totpKey: 'LI565SWXHT2FGQISPMPFNOXXY6HDUZIX',
    state: 'heeft een authenticator-app',
  },
  {
    portal: 'uitpas',
    userName: 'info@cultuur.test',
    givenName: 'Lotte',
    familyName: 'Aerts',
    email: 'info@cultuur.test',
    state: 'nieuw, op een gedeeld adres: nog geen tweede stap',
  },
]

export const displayName = ({ givenName, familyName }: Person) => `${givenName} ${familyName}`

/** The people of one portal as `bin/sluis account import` reads them. */
export function csvOf(people: readonly Person[]): string {
  const lines = people.map((person) => [
    person.userName,
    person.email,
    person.phone ?? '',
    castPassword,
    person.totpKey ?? '',
    person.givenName,
    person.familyName,
  ])
  return [['username', 'email', 'phone', 'password', 'totp_secret', 'given_name', 'family_name'], ...lines]
    .map((line) => `${line.join(',')}\n`)
    .join('')
}
