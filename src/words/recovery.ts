import type { Both } from './catalogue.ts'

/** A forgotten password, a mailbox that rests, a ticket. */
export const recovery = {
  'P35.heading': ['Wachtwoord vergeten', 'Forgotten password'],
  'P35.body': [
    'Vul [je/uw] gebruikersnaam in. We sturen een herstellink naar het e-mailadres van het account.',
    'Enter your user name. We send a reset link to the e-mail address of the account.',
  ],
  'P35.bodyEmail': [
    'Vul [je/uw] e-mailadres in. We sturen een herstellink naar het e-mailadres van het account.',
    'Enter your e-mail address. We send a reset link to the e-mail address of the account.',
  ],
  'P35.letters': ['Code: {letters}', 'Code: {letters}'],
  'P35.typed': ['Geef de opgegeven code in', 'Enter the code shown'],
  'P35.back': ['Terug', 'Back'],
  'P36.heading': ['Kijk in [je/uw] mailbox', 'Check your mailbox'],
  'P36.body': [
    'Hoort er een account bij deze naam? Dan is er een herstellink verstuurd naar het gekoppelde mailaccount. De link werkt 60 minuten.',
    'Is there an account with this name? Then a reset link has been sent to its e-mail address. The link works for 60 minutes.',
  ],
  'P36.none': ['Geen mail gekregen?', 'No e-mail?'],
  'P36.spam': ['Kijk bij spam en in de quarantaine.', 'Look in spam and quarantine.'],
  'P36.it': [
    'Vraag [je/uw] IT-afdeling of mail van {fromAddress} aankomt.',
    'Ask your IT department whether mail from {fromAddress} arrives.',
  ],
  'P36.again': ['Controleer de naam en probeer het opnieuw.', 'Check the name and try again.'],
  'P37.heading': ['Kies een nieuw wachtwoord', 'Choose a new password'],
  'P37.nameHint': ['Zo weten we zeker om welk account het gaat.', 'So that we know for certain which account this is about.'],
  'P38.heading': ['[Je/Uw] wachtwoord is gewijzigd', 'Your password has been changed'],
  'P38.body': [
    '[Je bent/U bent] overal {signedOut}. Alle onthouden browsers zijn vergeten.',
    'You have been signed out everywhere. All remembered browsers are forgotten.',
  ],
  'P38.bodyAlone': ['[Je bent/U bent] overal {signedOut}.', 'You have been signed out everywhere.'],
  'P38.mailAgain': ['Een code via e-mail kan {moment} weer.', 'A code by e-mail is possible again {moment}.'],
  'P38.signIn': ['{SignIn}', 'Sign in'],
  'notice.passwordChanged': [
    'Het wachtwoord is gewijzigd. {SignInAgain} met het nieuwe wachtwoord.',
    'Your password has been changed. Sign in with the new one.',
  ],
  'P39.used': ['Deze link is al gebruikt', 'This link has been used'],
  'P39.over': ['Deze link werkte tot {time}', 'This link worked until {time}'],
  'P39.unknown': ['Deze link werkt niet meer', 'This link no longer works'],
  'P39.body': [
    'Vraag een nieuwe link aan. [Je/Uw] wachtwoord is niet veranderd door deze link.',
    'Ask for a new link. This link has not changed your password.',
  ],
  'P39.bodyUsed': [
    'Net een nieuw wachtwoord gekozen? Dan werkt dat nu. Vraag anders een nieuwe link aan.',
    'Just chose a new password? Then that one works now. If not, ask for a new link.',
  ],
  'P39.again': ['Nieuwe link aanvragen', 'Ask for a new link'],
  'reset.typedEmpty': [
    'Het vak voor de opgegeven code is leeg. Typ of plak de code hierboven.',
    'The field for the shown code is empty. Type or paste the code above.',
  ],
  'reset.typedWrong': [
    'De opgegeven code klopt niet. Typ of plak de nieuwe code hierboven.',
    'The shown code is not right. Type or paste the new code above.',
  ],
  'reset.tooMany': [
    'Er zijn al veel links gevraagd. Gebruik de laatste of wacht tot {time}.',
    'Many links were asked for. Use the last one or wait until {time}.',
  ],
  'reset.nameMismatch': [
    'Deze gebruikersnaam hoort niet bij deze link. Controleer de naam.',
    'This user name does not belong to this link. Check the name.',
  ],
  'email.format': [
    'Dit lijkt geen e-mailadres. Typ het zoals naam@voorbeeld.be.',
    'This does not look like an e-mail address. Type it like name@example.com.',
  ],
  'P31.changeIt': ['Wijzig dan [je/uw] wachtwoord.', 'Then change your password.'],
  'P32.heading': ['Een code via e-mail kan {moment} weer', 'A code by e-mail is possible again {moment}'],
  'P32.body': [
    'Het wachtwoord is pas via e-mail gewijzigd. Wie alleen bij [je/uw] mailbox kan, mag niet binnenkomen. Daarom telt die mailbox {hours} uur niet als tweede stap.',
    'The password was changed by e-mail just now. Someone with access to your mailbox only must not get in. So for {hours} hours that mailbox does not count as a second step.',
  ],
  'P32.notYou': [
    'Was [jij/u] dit niet? Kijk in de mail over het gewijzigde wachtwoord.',
    'Was this not you? Look at the e-mail about the changed password.',
  ],
  'method.mailAfterReset': [
    'Na een reset via e-mail telt e-mail pas {moment} weer mee. Gebruik de app.',
    'After a reset by e-mail, e-mail counts again {moment}. Use the app.',
  ],
  'C07.lostPhone': ['Ik heb mijn telefoon niet meer', 'I no longer have my phone'],
  'C07.lostMailbox': ['Ik kan niet bij deze mailbox', 'I cannot get into this mailbox'],
  'C07.lostNumber': ['Ik heb dit nummer niet meer', 'I no longer have this number'],
  'P55.heading': ['[Krijg je/Krijgt u] geen code?', 'Not getting a code?'],
  'P55.ticket': ['Gebruik een ticket van {support}', 'Use a ticket from {support}'],
  'P55.ticketLine': [
    'Vraag {support} om een ticket. Daarmee [stel je/stelt u] een nieuwe methode in.',
    'Ask {support} for a ticket. With it you set up a new method.',
  ],
  'P55.otherLine': ['Een andere methode werkt misschien wel.', 'Another method may work.'],
  'P55.stolen': ['Telefoon gestolen?', 'Phone stolen?'],
  'P55.stolenLine': ['Wijzig eerst [je/uw] wachtwoord.', 'Change your password first.'],
  'P61.heading': ['Vul [je/uw] ticket in', 'Enter your ticket'],
  'P61.body': ['[Je kreeg/U kreeg] het ticket van {support}. Het werkt één keer.', 'You got the ticket from {support}. It works once.'],
  'P61.field': ['Ticket', 'Ticket'],
  'P61.hint': ['20 letters en cijfers, in vier groepen', '20 letters and digits, in four groups'],
  'ticket.empty': ['Het vak voor het ticket is leeg. Vul [je/uw] ticket in.', 'The ticket field is empty. Enter your ticket.'],
  'ticket.wrong': [
    'Dit ticket klopt niet of geldt niet meer. Vraag {support} om een nieuw ticket.',
    'This ticket is not right or no longer works. Ask {support} for a new one.',
  ],
  'M04.subject': ['Kies een nieuw wachtwoord voor {portal}', 'Choose a new password for {portal}'],
  'M04.what': [
    'Er is een nieuw wachtwoord gevraagd voor een account bij {portal}.',
    'A new password was asked for an account with {portal}.',
  ],
  'M04.choose': ['Kies het op deze pagina:', 'Choose it on this page:'],
  'M04.until': [
    'De link werkt tot {until}, en tot het nieuwe wachtwoord bewaard is.',
    'The link works until {until}, and until the new password has been saved.',
  ],
  'M04.care': [
    'Niets gevraagd? Doe dan niets. [Je/Uw] wachtwoord blijft hetzelfde.',
    'Nothing asked? Then do nothing. Your password stays the same.',
  ],
} satisfies Record<string, Both>
