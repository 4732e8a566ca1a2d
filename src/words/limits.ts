import type { Both } from './catalogue.ts'

/** What can be sent is shared by many. */
export const limits = {
  'phone.limit': [
    'Naar dit nummer kan vandaag geen sms meer. Kies een andere methode.',
    'No more text messages to this number today. Choose another method.',
  ],
  'sms.limit': ['Een sms kan nu even niet. Kies een andere methode.', 'A text message is not possible right now. Choose another method.'],
  'phone.limitAlone': [
    'Naar dit nummer kan vandaag geen sms meer. Vraag {support} om hulp.',
    'No more text messages to this number today. Ask {support} for help.',
  ],
  'sms.limitAlone': [
    'Een sms kan nu even niet. Probeer het {moment} opnieuw.',
    'A text message is not possible right now. Try again {moment}.',
  ],
  'mail.limitAlone': [
    'Een mail kan nu even niet. Probeer het {moment} opnieuw.',
    'An e-mail is not possible right now. Try again {moment}.',
  ],
  'mail.limit': [
    'Een mail kan nu even niet. Kies een andere methode of probeer het {moment} opnieuw.',
    'An e-mail is not possible right now. Choose another method or try again {moment}.',
  ],
} satisfies Record<string, Both>
