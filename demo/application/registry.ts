/** What a relying application knows of the service that signs its users in: nothing more than any other would. */
export interface Registration {
  /** The path of this application: `{portal}/{name}`. */
  path: string
  title: string
  portalName: string
  issuer: string
  clientId: string
  clientSecret: string
  words: Words
}

/** How this portal speaks to its users. */
export interface Words {
  signIn: string
  signOut: string
  signedIn: string
  signedOut: string
  profile: string
  you: 'je' | 'u'
  /** The link to the second step that one may already turn on; only where the portal has it. */
  optIn?: { label: string; path: string }
}

const aanmelden: Words = {
  signIn: 'Aanmelden',
  signOut: 'Afmelden',
  signedIn: 'Je bent aangemeld.',
  signedOut: 'Je bent afgemeld.',
  profile: 'Profiel',
  you: 'je',
}
const inloggen: Words = {
  signIn: 'Inloggen',
  signOut: 'Uitloggen',
  signedIn: 'Je bent ingelogd.',
  signedOut: 'Je bent uitgelogd.',
  profile: 'Profiel',
  you: 'je',
}

export interface DemoApplication {
  portal: string
  name: string
  title: string
  /** What this application asks, in one Dutch line for the hub. */
  rule: string
}

/** Two on c-point: one that used to take a password alone, one that asks a code every time. */
export const demoApplications: readonly DemoApplication[] = [
  { portal: 'c-point', name: 'planning', title: 'Planning', rule: 'vroeg tot nu toe alleen een wachtwoord; een onthouden browser telt' },
  { portal: 'c-point', name: 'ligplaatsen', title: 'Ligplaatsen', rule: 'vraagt elke keer een code' },
  { portal: 'profiportaal', name: 'bestellen', title: 'Bestellen', rule: 'vraagt elke keer een code uit de app' },
  { portal: 'koop-cam', name: 'publicatie', title: 'Publicatie', rule: 'vraagt elke keer een code uit de app' },
  { portal: 'uitpas', name: 'balie', title: 'Balie', rule: 'tweede stap naar keuze; daarna 7 dagen onthouden' },
]

export const demoPortals: Record<string, { name: string; words: Words }> = {
  'c-point': { name: 'C-point', words: { ...aanmelden, signedIn: 'Je bent aangelogd.', profile: 'Mijn Profiel' } },
  profiportaal: { name: 'ProfiPortaal', words: { ...inloggen, profile: 'Profiel instellingen' } },
  'koop-cam': { name: 'KOOP CAM', words: { ...inloggen, signedIn: 'U bent ingelogd.', signedOut: 'U bent uitgelogd.', you: 'u' } },
  uitpas: {
    name: 'UiTPAS balie',
    words: { ...aanmelden, optIn: { label: 'beveilig je account met 2-staps verificatie', path: '/sign-in/opt-in' } },
  },
}
