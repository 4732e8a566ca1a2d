import type { Both } from './catalogue.ts'

/** The app's code without a smartphone: in a browser's extension or a password manager; and the advice to set up two methods. */
export const withoutPhone = {
  'P15.browser': ['Verder in de browser van deze computer', 'Continue in the browser of this computer'],
  'P15.browserLine': [
    'Zonder smartphone, met een extensie voor Edge of Chrome.',
    'Without a smartphone, with an extension for Edge or Chrome.',
  ],
  'P15.manager': ['Verder met een wachtwoordbeheerder', 'Continue with a password manager'],
  'P15.managerLine': ['Als [je/u] er al een gebruikt.', 'If you already use one.'],
  'P17.noPhone': ['Ik heb geen smartphone', 'I have no smartphone'],
  'P18.heading': ['Gebruik de code in [je/uw] browser', 'Use the code in your browser'],
  'P18.ownComputer': [
    'Doe dit alleen op een computer waar [je/u] met een eigen account werkt.',
    'Only on a computer where you work with an account of your own.',
  ],
  'P18.step1': ['Stap 1: download de QR-code', 'Step 1: download the QR code'],
  'P18.keep': ['Bewaar het bestand veilig. Wis het na stap 3.', 'Keep the file safe. Delete it after step 3.'],
  'P18.step2': ['Stap 2: installeer de extensie', 'Step 2: install the extension'],
  'P18.puzzle': ['Klik op het puzzelstukje rechtsboven in [je/uw] browser.', 'Click the puzzle piece at the top right of your browser.'],
  'P18.pin': ['Klik op het pinnetje om de extensie vast te zetten.', 'Click the pin to keep the extension in view.'],
  'P18.step3': ['Stap 3: voeg [je/uw] account toe', 'Step 3: add your account'],
  'P18.open': ['Open de extensie.', 'Open the extension.'],
  'P18.edit': ['Klik op bewerken (het potloodje).', 'Click edit (the pencil).'],
  'P18.plus': ['Klik op het plusje.', 'Click the plus.'],
  'P18.import': ['Kies QR-afbeelding importeren.', 'Choose to import a QR image.'],
  'P18.upload': [
    'Kies QR-afbeeldingsback-up importeren en upload het bestand uit stap 1. In een nieuwere versie heet dit QR-afbeeldingen importeren.',
    'Choose Import QR Image Backup and upload the file from step 1. A newer version calls this Import QR Images.',
  ],
  'P18.byHand': [
    'Lukt dat niet? Kies Handmatige invoer. Uitgever: {issuer}. Geheim: de sleutel. Gebruikersnaam: {username}.',
    'Does that not work? Choose Manual Entry. Issuer: {issuer}. Secret: the key. Account Name: {username}.',
  ],
  'P18.copy': ['Klik in de extensie op de code om die te kopiëren.', 'Click the code in the extension to copy it.'],
  'P18.toCode': ['Naar de code', 'Go to the code'],
  'P19.heading': ['Gebruik de code in [je/uw] wachtwoordbeheerder', 'Use the code in your password manager'],
  'P19.open': ['Open het account van {portal}.', 'Open the {portal} account.'],
  'P19.find': [
    'Zoek het veld voor een verificatiecode, TOTP-sleutel of configuratiesleutel.',
    'Find the field for a verification code, TOTP key or setup key.',
  ],
  'P19.paste': ['Plak de sleutel en bewaar.', 'Paste the key and save.'],
  'P19.appears': ['Er verschijnt een code van 6 cijfers.', 'A code of 6 digits appears.'],
  'P19.onePlace': [
    'Wachtwoord en code staan dan op één plek. Beveilig de wachtwoordbeheerder zelf goed.',
    'Password and code are then in one place. Protect the password manager itself well.',
  ],
  'P21.alsoSms': [
    'Stel ook sms in. Komt een code niet aan, dan [gebruik je/gebruikt u] de andere.',
    'Set up text messages too. When one code does not arrive, you use the other.',
  ],
  'P21.alsoApp': [
    'Stel ook een app in. Komt een code niet aan, dan [gebruik je/gebruikt u] de andere.',
    'Set up an app too. When one code does not arrive, you use the other.',
  ],
  'P21.setSms': ['Stel ook sms in', 'Set up text messages too'],
  'P21.setApp': ['Stel ook een app in', 'Set up an app too'],
  'P19.toKey': ['Naar de sleutel', 'Go to the key'],
} satisfies Record<string, Both>
