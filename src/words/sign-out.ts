import type { Both } from './catalogue.ts'

/** The end of a session. */
export const signOut = {
  'P67.silent': ['{application} antwoordde niet. Sluit die toepassing zelf.', '{application} did not answer. Close it yourself.'],
} as const satisfies Record<string, Both>
