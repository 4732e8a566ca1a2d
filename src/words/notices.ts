import type { Both } from './catalogue.ts'

/** What the owner of an account is told: mails M05 to M19, text messages S04 and S06, and the same events in a few words. */
export const notices = {
  'mail.when': ['Wanneer: {date} om {time}.', 'When: {date} at {time}.'],
  'mail.where': ['Waar: {place}.', 'Where: {place}.'],
  'mail.place': ['{browser} op {system}', '{browser} on {system}'],
  'mail.notMe': [
    'Was [jij/u] dit? Dan [hoef je/hoeft u] niets te doen. Was [jij/u] dit niet? Beveilig dan nu [je/uw] account:\n{notMeUrl}\n(werkt tot {notMeUntil})',
    'Was this you? Then you need do nothing. Was it not you? Then secure your account now:\n{notMeUrl}\n(works until {notMeUntil})',
  ],
  'mail.questions': ['Vragen?\n{supportLines}', 'Questions?\n{supportLines}'],
  'method.totp': ['authenticator-app', 'authenticator app'],
  'method.email': ['e-mail', 'e-mail'],
  'method.sms': ['sms', 'text message'],
  'method.words': ['{method}, toegevoegd op {date}', '{method}, added on {date}'],

  'M05.subject': ['Nieuwe tweede stap bij {portal}', 'New second step with {portal}'],
  'M05.what': ['Er is een methode toegevoegd aan [je/uw] account: {methodWords}.', 'A method was added to your account: {methodWords}.'],
  'M06.subject': ['Tweede stap verwijderd bij {portal}', 'Second step removed at {portal}'],
  'M06.what': ['Deze methode is verwijderd: {methodWords}.', 'This method was removed: {methodWords}.'],
  'M06.last': ['De volgende keer [stel je/stelt u] een nieuwe in.', 'Next time you set up a new one.'],
  'M07.subject': ['Nieuwe authenticator-app bij {portal}', 'New authenticator app with {portal}'],
  'M07.start': [
    '[Je hebt/U hebt] een nieuwe app gekoppeld. De oude werkt nog tot {date}, of tot de nieuwe twee keer gebruikt is.',
    'You linked a new app. The old one works until {date}, or until the new one has been used twice.',
  ],
  'M07.end': [
    'De oude app werkt niet meer. Toch nog nodig? Zet die tot {date} terug in [je/uw] profiel.',
    'The old app no longer works. Still need it? Put it back in your profile until {date}.',
  ],
  'M08.subject': ['[Je/Uw] wachtwoord bij {portal} is gewijzigd', 'Your password for {portal} was changed'],
  'M08.what': [
    'Het wachtwoord is gewijzigd. [Je bent/U bent] overal {signedOut} en onthouden browsers zijn vergeten.',
    'The password was changed. You have been signed out everywhere and remembered browsers are forgotten.',
  ],
  'M08.elsewhere': [
    'Het wachtwoord is gewijzigd. Op andere toestellen [ben je/bent u] {signedOut} en onthouden browsers zijn vergeten.',
    'The password was changed. You have been signed out on other devices and remembered browsers are forgotten.',
  ],
  'M08.whatAlone': [
    'Het wachtwoord is gewijzigd. [Je bent/U bent] overal {signedOut}.',
    'The password was changed. You have been signed out everywhere.',
  ],
  'M08.mail': ['Een code via e-mail kan {moment} weer.', 'A code by e-mail is possible again {moment}.'],
  'M09.subject': ['{SignedIn} in een nieuwe browser bij {portal}', 'Signed in with a new browser at {portal}'],
  'M09.what': [
    'Er is met [je/uw] wachtwoord en tweede stap {signedIn} in een nieuwe browser.',
    'Someone signed in with your password and second step in a new browser.',
  ],
  'M10.subject': ['Iemand kent misschien [je/uw] wachtwoord bij {portal}', 'Someone may know your password for {portal}'],
  'M10.what': [
    'Iemand gaf het juiste wachtwoord, maar geen code. Binnenkomen is niet gelukt.',
    'Someone gave the right password, but no code. They did not get in.',
  ],
  'M11b.subject': ['[Je/Uw] e-mailadres bij {portal} is gewijzigd', 'Your e-mail address with {portal} was changed'],
  'M11b.what': [
    '[Je/Uw] account gebruikt nu een ander adres. Terugdraaien kan tot {date}.',
    'Your account now uses another address. You can undo this until {date}.',
  ],
  'M11c.what': ['Berichten van {portal} komen voortaan op dit adres.', 'From now on messages from {portal} come to this address.'],
  'M12.subject': ['[Je/Uw] {phoneNumber} bij {portal} is gewijzigd', 'Your mobile number with {portal} was changed'],
  'M12.what': ["Sms'en gaan nu naar een nummer dat eindigt op {last2}.", 'Text messages now go to a number ending in {last2}.'],
  'M13c.subject': ['Herstel gedaan bij {portal}', 'Recovery done at {portal}'],
  'M13c.what': [
    'Er is na herstel een nieuwe methode ingesteld. De oude methoden werken niet meer.',
    'A new method was set up after recovery. The old methods no longer work.',
  ],
  'M16.subject': ['[Je/Uw] account bij {portal} is beschermd', 'Your account with {portal} has been protected'],
  'M16.what': ['Er zijn veel codes geprobeerd die niet klopten. {effect}', 'Many codes were tried that were not right. {effect}'],
  'M16.paused': ['Een code kan {moment} weer.', 'A code is possible again {moment}.'],
  'M16.disabled': ['De {method} is uitgezet.', 'The {method} has been turned off.'],
  'M16.newPassword': ['De volgende keer [kies je/kiest u] een nieuw wachtwoord.', 'Next time you choose a new password.'],
  'M16.guessed': [
    'Er zijn veel wachtwoorden geprobeerd die niet klopten. Niemand kwam binnen, en in een browser die we al kennen werkt alles. [Gebruik je/Gebruikt u] dit wachtwoord ook ergens anders? Kies dan een nieuw.',
    'Many passwords were tried that were not right. Nobody got in, and in a browser that we know already everything works. Do you use this password elsewhere too? Then choose a new one.',
  ],
  'M18.subject': ['Onthouden browser gestopt bij {portal}', 'Remembered browser stopped at {portal}'],
  'M18.what': [
    'Een onthouden browser is op twee plaatsen gebruikt. Daarom onthouden we die niet langer.',
    'A remembered browser was used in two places. So it is no longer remembered.',
  ],
  'M19.subject': ['De app instellen bij {portal} begon opnieuw', 'Setting up the app for {portal} began again'],
  'M19.what': [
    'In een andere browser begon iemand opnieuw met het instellen van de authenticator-app. De eerdere QR-code werkt niet meer.',
    'In another browser someone began again to set up the authenticator app. The earlier QR code no longer works.',
  ],

  S04: [
    '{p}: de beveiliging van [je/uw] account is gewijzigd. Was [jij/u] dit niet? {link}',
    '{p}: your account security was changed. Not you? {link}',
  ],
  S06: [
    '{p}: iemand gaf [je/uw] wachtwoord, maar geen code. Was [jij/u] dit niet? {link}',
    '{p}: someone gave your password, but no code. Not you? {link}',
  ],

  'event.method-added': ['{method} toegevoegd', '{method} added'],
  'event.method-removed': ['{method} verwijderd', '{method} removed'],
  'event.method-replacing': ['nieuwe {method} gekoppeld', 'new {method} linked'],
  'event.method-replaced': ['oude {method} gestopt', 'old {method} ended'],
  'event.password-changed': ['wachtwoord gewijzigd', 'password changed'],
  'event.new-browser': ['{signedIn} in een nieuwe browser', 'signed in with a new browser'],
  'event.half-finished': ['juist wachtwoord, maar geen code', 'right password, but no code'],
  'event.email-changed': ['e-mailadres gewijzigd', 'e-mail address changed'],
  'event.email-confirmed': ['e-mailadres gewijzigd', 'e-mail address changed'],
  'event.phone-changed': ['{phoneNumber} gewijzigd', 'mobile number changed'],
  'event.recovered': ['nieuwe methode ingesteld na herstel', 'new method set up after recovery'],
  'event.protected': ['veel codes die niet klopten', 'many codes that were not right'],
  'event.enrolment-restarted': ['opnieuw begonnen met de authenticator-app', 'setting up the authenticator app began again'],
  'event.browser-copied': ['onthouden browser op twee plaatsen gebruikt', 'remembered browser used in two places'],
} satisfies Record<string, Both>
