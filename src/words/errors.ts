import type { Both } from './catalogue.ts'

/** What happened, and what to do now. The same sentence stands in the summary and at the field. */
export const errors = {
  'username.empty': [
    'De gebruikersnaam is nog leeg. Vul [je/uw] gebruikersnaam in.',
    'The user name is still empty. Enter your user name.',
  ],
  'email.empty': [
    'Het e-mailadres is nog leeg. Vul [je/uw] e-mailadres in.',
    'The e-mail address is still empty. Enter your e-mail address.',
  ],
  'password.empty': ['Het wachtwoord is nog leeg. Vul [je/uw] wachtwoord in.', 'The password is still empty. Enter your password.'],
  'password.tooLong': [
    'Dit wachtwoord is langer dan 256 tekens. Gebruik een korter wachtwoord.',
    'This password is longer than 256 characters. Use a shorter one.',
  ],
  'signin.wrong': [
    'De gebruikersnaam of het wachtwoord klopt niet. Controleer ze allebei.',
    'The user name or the password is not right. Check both.',
  ],
  'signin.wrongEmail': [
    'Het e-mailadres of het wachtwoord klopt niet. Controleer ze allebei.',
    'The e-mail address or the password is not right. Check both.',
  ],
  'signin.paused': [
    'Er is te vaak een wachtwoord geprobeerd. Probeer het {moment} opnieuw.',
    'Too many passwords were tried. Try again {moment}.',
  ],
  'code.empty': ['Het vak voor de code is nog leeg. Vul de 6 cijfers in.', 'The code field is still empty. Enter the 6 digits.'],
  'code.format': [
    'Dit zijn geen 6 cijfers. Typ alleen de 6 cijfers van de code.',
    'These are not 6 digits. Type only the 6 digits of the code.',
  ],
  'code.manyRuns': [
    'Hierin staat meer dan één code. Typ alleen de nieuwste 6 cijfers.',
    'This holds more than one code. Type only the newest 6 digits.',
  ],
  'code.wrongApp': [
    'Deze code klopt niet. Typ de 6 cijfers die nu in [je/uw] app staan.',
    'This code is not right. Type the 6 digits that are in your app now.',
  ],
  'code.wrongMail': [
    'Deze code klopt niet. Typ de code uit de mail met kenmerk {ref}.',
    'This code is not right. Type the code from the e-mail with reference {ref}.',
  ],
  'code.wrongSms': [
    'Deze code klopt niet. Typ de code uit de sms met kenmerk {ref}.',
    'This code is not right. Type the code from the message with reference {ref}.',
  ],
  'code.wrongEnrol': [
    'Deze code klopt niet. Wacht op een nieuwe code in de app en typ die.',
    'This code is not right. Wait for a new code in the app and type that.',
  ],
  'code.lastTries': [
    'Deze code klopt niet. Na nog {n} {n|poging|pogingen} volgt een pauze, kijk goed.',
    'This code is not right. {n} more {n|try|tries}, then a pause: look closely.',
  ],
  'code.spent': [
    'Na 5 pogingen stopt een code. Een nieuwe is onderweg, kenmerk {ref}.',
    'A code stops after 5 tries. A new one is on its way, reference {ref}.',
  ],
  'code.expired': [
    'Deze code werkte tot {time}. Een nieuwe is onderweg, kenmerk {ref}.',
    'This code worked until {time}. A new one is on its way, reference {ref}.',
  ],
  'code.usedApp': [
    'Deze code is al gebruikt. Wacht op de volgende code in [je/uw] app.',
    'This code has been used. Wait for the next code in your app.',
  ],
  'code.usedSent': ['Deze code is al gebruikt. Vraag een nieuwe code aan.', 'This code has been used. Ask for a new code.'],
  'code.previousApp': [
    'Dit was een eerdere code uit [je/uw] app. Typ de code die er nu staat.',
    'This was an earlier code of your app. Type the one shown now.',
  ],
  'code.otherKind': [
    'Deze code kwam per mail of sms. Typ hier de code uit [je/uw] app.',
    'This code came by e-mail or text message. Type the code of your app here.',
  ],
  'code.clock': [
    'De telefoonklok loopt {n} {n|minuut|minuten} {direction}. Zet de tijd op automatisch.',
    'The phone clock is {n} {n|minute|minutes} {direction}. Set the time to automatic.',
  ],
  'code.tooSoon': [
    'Een nieuwe code kan {moment}. De vorige werkt nog tot {until}.',
    'A new code is possible {moment}. The previous one works until {until}.',
  ],
  'code.tooManySent': [
    'Er zijn al {n} codes gestuurd. Gebruik de laatste of wacht tot {time}.',
    '{n} codes were sent already. Use the last one or wait until {time}.',
  ],
  'code.nextAt': [
    'De vorige code werkt niet meer. Een nieuwe code kan {moment}.',
    'The previous code no longer works. A new code is possible {moment}.',
  ],
  'code.noneLeft': [
    'Er zijn al {n} codes gestuurd. Een nieuwe code kan {moment}.',
    '{n} codes were sent already. A new code is possible {moment}.',
  ],
  'code.paused': ['Er is te vaak een code geprobeerd. Probeer het {moment} opnieuw.', 'Too many codes were tried. Try again {moment}.'],
  'method.none': ['Er is nog geen methode gekozen. Kies een methode.', 'No method has been chosen yet. Choose a method.'],
  'method.unavailable': ['Deze methode kan nu niet. Kies een andere methode.', 'This method is not possible now. Choose another one.'],
  'method.disabled': [
    'Deze app is uitgezet na 100 pogingen. Kies een andere methode.',
    'This app was turned off after 100 tries. Choose another method.',
  ],
  'enrol.expired': [
    'Deze QR-code werkt niet meer. Scan de nieuwe QR-code hieronder.',
    'This QR code no longer works. Scan the new QR code below.',
  ],
  'enrol.gate': ['Eerst is een code nodig. Vul de code in die we stuurden.', 'A code is needed first. Enter the code we sent.'],
  'phone.empty': ['Het nummer is nog leeg. Vul [je/uw] {phoneNumber} in.', 'The number is still empty. Enter your mobile number.'],
  'phone.format': [
    'Dit lijkt geen telefoonnummer. Typ het zoals {example}.',
    'This does not look like a phone number. Type it like {example}.',
  ],
  'phone.notMobile': [
    'Op dit nummer komt geen sms aan. Vul een mobiel nummer in.',
    'This number cannot get text messages. Enter a mobile number.',
  ],
  'phone.country': [
    'Naar dit land sturen we geen sms. Vul een nummer in uit: {countries}.',
    'We send no text messages to this country. Enter a number from: {countries}.',
  ],
  'phone.tooSoon': [
    'Een nieuwe sms kan {moment}. Bevestig het nummer dan nog eens.',
    'A new text message is possible {moment}. Confirm the number again then.',
  ],
  'flow.expired': [
    'Deze pagina stond meer dan 60 minuten open. Begin opnieuw.',
    'This page was open for more than 60 minutes. Start again.',
  ],
  'flow.cookies': [
    'Deze browser bewaart geen cookies. Sta cookies toe voor {host}.',
    'This browser keeps no cookies. Allow cookies for {host}.',
  ],
  'flow.otherTab': [
    'Dit is al gedaan in een ander tabblad. Ga hier verder of sluit dit tabblad.',
    'This was done in another tab. Go on here or close this tab.',
  ],
  'server.busy': [
    'Er zijn nu heel veel mensen tegelijk. Probeer het over 10 seconden opnieuw.',
    'Very many people are coming in at once. Try again in 10 seconds.',
  ],
  'server.down': [
    '{SignIn} kan nu even niet. Er is niets verloren, probeer het straks.',
    'Signing in is not possible now. Nothing is lost, try again soon.',
  ],
  'server.error': [
    'Er ging iets mis bij ons. Er is niets veranderd, probeer het opnieuw.',
    'Something went wrong on our side. Nothing was changed, try again.',
  ],
  'server.tooLarge': [
    'Dit is te groot om te versturen. Maak het korter en probeer opnieuw.',
    'This is too large to send. Make it shorter and try again.',
  ],
  'account.noChannel': [
    'Bij dit account staat geen adres of nummer. Vraag hulp aan {support}.',
    'This account has no address or number. Ask {support} for help.',
  ],
  'app.request': [
    '{application} stuurde een verkeerde vraag. Meld dit aan {support}.',
    '{application} sent a wrong request. Please tell {support}.',
  ],
  'notice.codeSent': [
    'Een nieuwe code is onderweg, kenmerk {ref}. De vorige werkt tot {until}.',
    'A new code is on its way, reference {ref}. The last one works until {until}.',
  ],
  'notice.codeSentAlone': ['Een nieuwe code is onderweg, kenmerk {ref}.', 'A new code is on its way, reference {ref}.'],
} satisfies Record<string, Both>
