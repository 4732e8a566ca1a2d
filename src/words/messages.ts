import type { Both } from './catalogue.ts'

/** Mails and text messages that carry a code. A part of an SMS in parentheses goes first when the text gets too long for one message. */
export const messages = {
  'M01.subject': ['[Je/Uw] {word.mail} voor {portal}, kenmerk {ref}', 'Your {word.mail} for {portal}, reference {ref}'],
  'M01.what': ['Dit is [je/uw] code om {toSignIn} bij {portal}.', 'This is your code to sign in to {portal}.'],
  'M02.subject': [
    '[Je/Uw] {word.proof} om de app in te stellen bij {portal}, kenmerk {ref}',
    'Your {word.proof} to set up the app for {portal}, reference {ref}',
  ],
  'M02.what': [
    'Met deze code [stel je/stelt u] de authenticator-app in voor {portal}.',
    'With this code you set up the authenticator app for {portal}.',
  ],
  'M03.subject': [
    '[Je/Uw] eenmalige {word.proof} voor {portal}, kenmerk {ref}',
    'Your one-time {word.proof} for {portal}, reference {ref}',
  ],
  'M03.what': [
    'Met deze code [registreer je/registreert u] een telefoonnummer bij {portal}.',
    'With this code you register a phone number with {portal}.',
  ],
  'mail.until': ['De code werkt tot {until} en maar één keer.', 'The code works until {until}, and only once.'],
  'mail.reference': ['Kenmerk {ref}: dit staat ook op het scherm.', 'Reference {ref}: it is also on the screen.'],
  'mail.care': [
    "Geef deze code aan niemand, ook niet aan een medewerker. Niets gevraagd? Dan kent iemand misschien [je/uw] wachtwoord. Ga zelf naar de pagina van {portal} en kies 'Wachtwoord vergeten'. [Deel je/Deelt u] deze mailbox? Vraag eerst wie kenmerk {ref} op het scherm heeft.",
    "Give this code to nobody, not even to staff. Nothing asked? Then someone may know your password. Go to the page of {portal} yourself and choose 'Forgotten password'. Do you share this mailbox? First ask who has reference {ref} on screen.",
  ],
  'mail.from': [
    'Dit bericht komt van {portal}. Berichtnummer: {number}. Controleren kan onderaan elke pagina van {portal}.',
    'This message comes from {portal}. Message number: {number}. You can check it at the bottom of every page of {portal}.',
  ],
  S01: [
    '{digits} is [je/uw] code om {toSignIn} bij {p}. Geef deze code aan niemand.( Kenmerk {ref}, tot {until}.)',
    '{digits} is your code to sign in to {p}. Give it to nobody.( Reference {ref}, until {until}.)',
  ],
  S02: [
    '{digits}: hiermee [stel je/stelt u] de app in voor {p}. Geef deze code aan niemand.( Kenmerk {ref}.)',
    '{digits}: use this to set up the app for {p}. Give it to nobody.( Reference {ref}.)',
  ],
  S03: [
    '{digits}: hiermee [registreer je/registreert u] dit nummer bij {p}. Geef deze code aan niemand.( {ref})',
    '{digits}: use this to register this number with {p}. Give it to nobody.( Ref. {ref})',
  ],
} satisfies Record<string, Both>
