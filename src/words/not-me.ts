import type { Both } from './catalogue.ts'

/** 'This was not me', what it did, the password that is due afterwards, and whether a message is ours. */
export const notMe = {
  'P58.heading': ['Was [jij/u] dit niet?', 'Was this not you?'],
  'P58.line': ['Op {date} om {time}: {event}.', 'On {date} at {time}: {event}.'],
  'P58.body': [
    'Als [je/u] doorgaat, [word je/wordt u] overal {signedOut} en vergeten we alle browsers. We draaien de wijziging terug waar dat kan. Daarna [kies je/kiest u] een nieuw wachtwoord.',
    'If you go on, you are signed out everywhere and we forget all browsers. We undo the change where possible. Then you choose a new password.',
  ],
  'P58.yes': ['Ja, beveilig mijn account', 'Yes, secure my account'],
  'P58.no': ['Nee, ik was het wel', 'No, it was me'],
  'P58.old': ['Deze link werkt niet meer', 'This link no longer works'],
  'P59.heading': ['[Je/Uw] account is beveiligd', 'Your account is secured'],
  'P59.what': ['Wat nu?', 'What now?'],
  'P59.choose': ['Kies een nieuw wachtwoord.', 'Choose a new password.'],
  'P59.check': ['Controleer daarna [je/uw] methoden.', 'Then check your methods.'],
  'P40.secure': [
    'Doe dit als iemand anders in [je/uw] account kan. [Je/U] wordt dan overal {signedOut} en kiest een nieuw wachtwoord.',
    'Do this when somebody else can get into your account. You are then signed out everywhere and choose a new password.',
  ],
  'P59.secure': ['Beveilig mijn account nu', 'Secure my account now'],
  'done.password': ['het oude wachtwoord werkt niet meer', 'the old password no longer works'],
  'done.sessions': ['overal {signedOut}', 'signed out everywhere'],
  'done.browsers': ['alle browsers vergeten', 'all browsers forgotten'],
  'done.set-up': ['het instellen van een app gestopt', 'the setting up of an app ended'],
  'done.totp': ['authenticator-app verwijderd', 'authenticator app removed'],
  'done.totp-back': ['de vorige authenticator-app werkt weer', 'the authenticator app from before works again'],
  'done.sms': ['sms verwijderd', 'text messages removed'],
  'done.email': ['e-mailadres teruggedraaid', 'e-mail address changed back'],
  'done.phone': ['{phoneNumber} teruggedraaid', 'mobile number changed back'],
  'P60.heading': ['Is dit bericht van ons?', 'Is this message from us?'],
  'P60.field': ['Berichtnummer of kenmerk', 'Message number or reference'],
  'P60.hint': ['Het staat onderaan in de mail, of in de sms.', 'At the bottom of the e-mail, or in the text message.'],
  'P60.check': ['Controleer', 'Check'],
  'P60.number': ['Ja, dit nummer is van ons, van {date}.', 'Yes, this number is ours, of {date}.'],
  'P60.reference': [
    "Ja, {portal} stuurde zo'n bericht in de laatste 24 uur. Dat is nog geen bewijs.",
    'Yes, {portal} sent such a message in the last 24 hours. That is no proof yet.',
  ],
  'P60.know': ['Zo [herken je/herkent u] ons', 'How to recognise us'],
  'P60.never': [
    'We vragen nooit om [je/uw] code of wachtwoord, ook niet aan de telefoon.',
    'We never ask for your code or password, not by phone either.',
  ],
  'P60.noLink': ['In een mail met een code staat nooit een link.', 'A mail with a code never has a link.'],
  'P60.from': ['Onze mail komt van {from}, onze sms van {sender}.', 'Our e-mail comes from {from}, our text messages from {sender}.'],
  'P60.fromMail': ['Onze mail komt van {from}.', 'Our e-mail comes from {from}.'],
  'P82.heading': ['Kies eerst een nieuw wachtwoord', 'First choose a new password'],
  'P84.heading': ['Dit account is beveiligd', 'This account has been secured'],
  'P84.choose': ['Kies een nieuw wachtwoord', 'Choose a new password'],
  'account.frozen': [
    'Dit account is op {date} beveiligd. Kies een nieuw wachtwoord.',
    'This account was secured on {date}. Choose a new password.',
  ],
  'account.forceReset': [
    'Er zijn veel codes geprobeerd. Kies voor de zekerheid een nieuw wachtwoord.',
    'Many codes were tried. To be safe, choose a new password.',
  ],
  'recover.linkOld': ['Deze link werkt niet meer. Vraag hulp aan {support}.', 'This link no longer works. Ask {support} for help.'],
  'message.empty': [
    'Het nummer is nog leeg. Vul het berichtnummer of het kenmerk in.',
    'The number is still empty. Enter the message number or the reference.',
  ],
  'message.notFound': [
    'Dit nummer vinden we niet. Goed getypt? Vertrouw het bericht dan niet.',
    'We cannot find this number. If you typed it right, do not trust the message.',
  ],
  'message.tooMany': [
    'Er is te vaak een nummer gezocht. Probeer het {moment} opnieuw.',
    'Too many numbers were looked up. Try again {moment}.',
  ],
  'frame.message': ['Is dit bericht van ons?', 'Is this message from us?'],
} satisfies Record<string, Both>
