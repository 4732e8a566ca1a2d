import type { Both } from './catalogue.ts'

/** What can be sent is shared by many. */
export const limits = {
  'phone.limit': [
    'Naar dit nummer kan vandaag geen sms meer. Kies een andere methode.',
    'No more text messages to this number today. Choose another method.',
  ],
  'sms.limit': ['Een sms kan nu even niet. Kies een andere methode.', 'A text message is not possible right now. Choose another method.'],
  'mail.limit': [
    'Een mail kan nu even niet. Kies een andere methode of probeer het om {time} opnieuw.',
    'An e-mail is not possible right now. Choose another method or try again at {time}.',
  ],
} satisfies Record<string, Both>
