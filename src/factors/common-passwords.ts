/*
 * Words and rows of keys that everybody tries first, as letters and digits alone. A password of two of them and some digits is as easy.
 * Ours, short on purpose: an operator may name a longer list of whole passwords (`commonPasswords` in sluis.yaml).
 */
const words = `
wachtwoord password passwort motdepasse paswoord passwoord passphrase wachtzin geheim secret geheimpje
welkom welcome bienvenue willkommen hallo hello bonjour goedemorgen goedemiddag
admin administrator beheer beheerder beheerders root system systeem gebruiker user test testen tester testtest proef guest gast
login inloggen aanmelden aangelogd signin toegang access portaal portal account mijnaccount verander veranderen changeme verandermij
zomer winter lente herfst summer spring autumn voorjaar najaar
januari februari maart april juni juli augustus september oktober november december
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag morgen
nederland belgie belgium vlaanderen holland amsterdam rotterdam antwerpen antwerp brussel bruxelles utrecht gent brugge limburg europa
iloveyou ikhouvanjou ikhouvanje liefde liefje schatje princess prinses sunshine zonnetje dragon draak monkey
football voetbal basketbal hockey tennis baseball ajax feyenoord anderlecht clubbrugge formule letmein laatmijerin
superman batman starwars pokemon pikachu master meester shadow schaduw freedom vrijheid whatever computer internet
kantoor office bedrijf company werk werken gemeente haven bureau
qwerty qwertyuiop azerty azertyuiop asdfgh asdfghjkl qsdfghjklm zxcvbnm wxcvbn qazwsx qazwsxedc qwertz abcdef abcd abcdefgh
nieuwwachtwoord mijnwachtwoord mypassword newpassword standaard default tijdelijk temporary eenmalig
zonnebloem bloemen vlinder hondje poesje chocolade pannenkoek hagelslag stroopwafel
`

export const commonWords: ReadonlySet<string> = new Set(words.split(/\s+/).filter(Boolean))
