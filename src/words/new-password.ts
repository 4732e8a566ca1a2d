import type { Both } from './catalogue.ts'

/** A new password, wherever it is chosen. */
export const newPassword = {
  'F4.label': ['Nieuw wachtwoord', 'New password'],
  'F4.hint': [
    'Minstens {min} tekens. Een zin van een paar woorden is goed. Plakken mag.',
    'At least {min} characters. A phrase of a few words is good. Pasting is fine.',
  ],
  'F4.save': ['Bewaar het wachtwoord', 'Save the password'],
  'password.short': [
    'Dit wachtwoord heeft {n} tekens. Gebruik er minstens {min}.',
    'This password has {n} characters. Use at least {min}.',
  ],
  'password.common': [
    'Dit wachtwoord is makkelijk te raden. Kies een langere, eigen zin.',
    'This password is easy to guess. Choose a longer phrase of your own.',
  ],
  'password.context': [
    'Hierin staat [je/uw] naam of die van {portal}. Kies iets anders.',
    'This contains your name or that of {portal}. Choose something else.',
  ],
} satisfies Record<string, Both>
