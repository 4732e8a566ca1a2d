import type { Story } from './hub/index.ts'

/** What there is to try, a few minutes each, by the people of the cast. */
export function storiesOf(web: string, applications: string): Story[] {
  const at = (portal: string, name: string, title: string) => ({ name: title, address: `${applications}/${portal}/${name}` })
  return [
    {
      title: 'De eerste keer, met een app',
      text: "Meld je aan als bram. Kies 'Authenticator App', haal de code uit het postvak en scan de QR-code. Geen telefoon? Sleep de afbeelding naar deze pagina.",
      link: at('c-point', 'ligplaatsen', 'Ligplaatsen'),
    },
    {
      title: 'De eerste keer, met een sms',
      text: 'Log in als fons. Zijn telefoonnummer is niet bekend: eerst een code per mail, dan een nummer, dan een sms, dan de app.',
      link: at('koop-cam', 'publicatie', 'Publicatie'),
    },
    {
      title: 'Zelf de tweede stap aanzetten',
      text: "Lotte (info@cultuur.test) volgt de link 'Beveilig nu al je account' en kiest een app of een sms. Een browser wordt 7 dagen onthouden.",
      link: at('uitpas', 'balie', 'Balie'),
    },
    {
      title: 'Wachtwoord vergeten',
      text: 'Vraag een herstellink voor anna en open die in het postvak. Daarna telt haar mailbox 24 uur niet als tweede stap. Haar app wel.',
      link: { name: 'Wachtwoord vergeten', address: `${web}/c-point/password` },
    },
    {
      title: 'Het poppetje: je eigen profiel',
      text: "Log in als hana. Achter het poppetje: een andere app, een ander mailadres, een ander wachtwoord, recente activiteit. Elke wijziging geeft een mail met 'Was jij dit niet?'.",
      link: { name: 'Profiel instellingen', address: `${web}/profiportaal/profile` },
    },
    {
      title: 'De code komt niet',
      text: "Maak hieronder een storing, vraag een code en volg 'Waar blijft mijn code?'. Zet de storing uit: de code komt vanzelf.",
      link: { name: 'Naar de storing', address: '#trouble' },
    },
    {
      title: 'Telefoon kwijt: een ticket van de helpdesk',
      text: "De helpdesk maakt een ticket met dit commando. Log in als guus, kies 'Ik heb mijn telefoon niet meer' en vul het ticket in.",
      command: 'bin/sluis account ticket --portal koop-cam --username guus',
      link: at('koop-cam', 'publicatie', 'Publicatie'),
    },
    {
      title: 'Een deel dat meer zekerheid vraagt',
      text: 'Meld je aan als cato met een code via e-mail en open de kluis. Die gaat pas open na een code uit de app.',
      link: at('c-point', 'planning', 'Planning'),
    },
    {
      title: 'In één keer overal afmelden',
      text: 'Meld je aan bij Planning en daarna bij Ligplaatsen, dat zelf nog een code vraagt. Meld je bij de ene af: de andere hoort het.',
      link: at('c-point', 'planning', 'Planning'),
    },
  ]
}
