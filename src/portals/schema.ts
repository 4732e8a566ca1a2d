import { z } from 'zod'
import { applicationSchema } from './schema-application.ts'
import { tells, text, webAddress } from './schema-atoms.ts'
import { enforcement, limits, secondStep } from './schema-second-step.ts'

/*
 * The schema is type, check, completion and manual at once: docs/portal-file.md and portals/portal.schema.json are made
 * from it. A portal file is the house file (`_house.yaml`, the floor) with the portal's own keys over it; unknown keys fail.
 */

/** A text per language; a language that is missing falls back to English, then Dutch. `nl` holds `[je/u]` forms. */
export const texts = z.strictObject({
  nl: text.optional().describe('Dutch; `[je/u]` becomes the form of address of the portal.'),
  en: text.optional().describe('English; also stands in for a language that is left out.'),
  fr: text.optional().describe('French.'),
  de: text.optional().describe('German.'),
})
const word = (what: string): z.ZodOptional<typeof texts> => texts.optional().describe(`What this portal calls ${what}.`)

const vocabulary = z.strictObject({
  verb: z.enum(['aanmelden', 'inloggen']).default('aanmelden').describe('The Dutch verb for signing in.'),
  phoneNumber: z.enum(['gsm-nummer', 'telefoonnummer']).default('telefoonnummer').describe('The Dutch word for a mobile number.'),
  app: word('the code in the authenticator app'),
  mail: word('a code by e-mail'),
  sms: word('a code by text message'),
  proof: word('the code that comes before a method is set up'),
  newPhone: word('the code that proves a new mobile number'),
  twoStep: word('two-step verification'),
})

const support = z.strictObject({
  name: texts.meta(tells('The short name of the help, as in: Vraag {support} om hulp.', { nl: 'de helpdesk', en: 'the help desk' })),
  lines: z
    .array(
      z.union([
        texts.describe('A sentence.'),
        z.strictObject({ email: z.email().describe('A mail address, drawn as a link.') }),
        z.strictObject({ phone: text.describe('A phone number, as people write it.') }),
        z.strictObject({ url: webAddress.describe('An address, drawn as a link.') }),
      ]),
    )
    .min(1)
    .max(5)
    .meta(
      tells('How to reach the help: sentences, mail addresses, phone numbers, links.', [
        { email: 'help@dijkpoort.example' },
        { phone: '020-1234567' },
      ]),
    ),
})

const sender = z
  .string()
  .min(1)
  .max(11)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._&-]*$/)
const sms = z.strictObject({
  name: z.string().min(1).max(16).meta(tells('The portal in a text message, at most 16 characters.', 'Dijkpoort')),
  sender: z
    .strictObject({
      production: sender.meta(tells('The sender that phones show: at most 11 letters and digits.', 'DIJKPOORT')),
      preproduction: sender.optional().describe('The same in pre-production; left out: that of production.'),
      test: sender.optional().describe('The same in test; left out: that of production.'),
    })
    .describe('Who a text message comes from, for each environment.'),
  countries: z
    .array(z.string().length(2))
    .min(1)
    .default(['BE', 'NL'])
    .describe('Countries that text messages are sent to, as two letters.'),
})

const theme = z.strictObject({
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/)
    .meta(tells('The colour of the portal; buttons and links are made from it so that they can be read.', '#1f4e79')),
  logo: z.string().optional().meta(tells('SVG or PNG beside the portal file.', 'logo.svg')),
  logoDark: z.string().optional().describe('The same for dark pages; left out: `logo`.'),
})

export const portalSchema = z.strictObject({
  name: text.max(40).meta(tells('The name people know, on every page and in every message.', 'Dijkpoort')),
  address: webAddress
    .optional()
    .meta(
      tells(
        'Where people reach the portal, without a slash at the end; also the OpenID Connect issuer. Left out: a path of the address in sluis.yaml.',
        'https://login.dijkpoort.example',
      ),
    ),
  country: z.enum(['BE', 'NL', 'FR', 'DE', 'LU']).meta(tells('How phone numbers without a country code are read.', 'NL')),
  timeZone: z.string().default('Europe/Brussels').describe('In which clock times are told and days begin.'),
  register: z.enum(['je', 'u']).meta(tells('How people are addressed in Dutch.', 'u')),
  languages: z
    .array(z.enum(['nl', 'en', 'fr', 'de']))
    .min(1)
    .default(['nl', 'en', 'fr', 'de'])
    .describe('The languages people can choose; the first is the one without a choice.'),
  environment: z
    .enum(['production', 'preproduction', 'test'])
    .default('production')
    .describe('Which sender text messages carry. `environment` in sluis.yaml wins.'),

  identifier: z.enum(['username', 'email']).default('username').describe('What people type to say who they are.'),
  sharedMailboxes: z
    .array(z.string().min(1).max(64))
    .default([
      'info',
      'balie',
      'onthaal',
      'contact',
      'secretariaat',
      'admin',
      'administratie',
      'boekhouding',
      'planning',
      'office',
      'sales',
      'receptie',
      'helpdesk',
      'support',
      'team',
      'ploeg',
      'dienst',
      'algemeen',
      'mail',
    ])
    .describe('What stands before the @ of addresses that people share: they are advised, never stopped.'),
  pages: z.enum(['one-page', 'identifier-first']).default('one-page').describe('Name and password on one page, or the name first.'),

  secondStep: secondStep.describe('What comes after the password.'),
  enforcement,

  vocabulary: vocabulary.prefault({}).describe('The words of this portal for the same things.'),
  labels: z
    .record(z.string(), texts)
    .default({})
    .meta(tells('Buttons and links with an exact label of the portal, by key.', { signIn: { nl: 'Inloggen', en: 'Log in' } })),
  texts: z
    .record(z.string(), texts)
    .default({})
    .meta(tells('Other words of the portal, by the key of the catalogue.', { 'P21.heading': { nl: 'Klaar.', en: 'Done.' } })),

  support: support.describe('Who helps, on every page.'),
  links: z
    .strictObject({
      guide: webAddress.optional().meta(tells('The guide for users.', 'https://www.dijkpoort.example/guide')),
      privacy: webAddress.optional().meta(tells('The privacy statement.', 'https://www.dijkpoort.example/privacy')),
      accessibility: webAddress.optional().meta(tells('The accessibility statement.', 'https://www.dijkpoort.example/accessibility')),
    })
    .prefault({})
    .describe('Links at the foot of every page; what is left out is not drawn.'),

  browserExtensions: z
    .array(
      z.strictObject({
        browser: text.describe('The browser.'),
        name: text.describe('What its shop calls the extension.'),
        url: webAddress.describe('Its page in the shop.'),
      }),
    )
    .default([])
    .describe('Extensions that make the codes of an app, for people without a smartphone. The house file names two.'),

  theme: theme.describe('How the pages look.'),
  mail: z
    .strictObject({
      from: z.email().meta(tells('The address that mail comes from.', 'noreply@dijkpoort.example')),
      replyTo: z.email().optional().meta(tells('Where an answer goes; left out: to `from`.', 'help@dijkpoort.example')),
    })
    .describe('Mail to people.'),
  sms: sms.optional().describe('Text messages; needed when the portal sends any.'),

  password: z
    .strictObject({
      minimumLength: z.int().min(8).max(64).default(12).describe('Characters that a new password has at least.'),
      typedCode: z
        .boolean()
        .default(false)
        .describe(
          'Whether four letters are typed over where a link for a forgotten password is asked. They stop nobody but the clumsiest program.',
        ),
      contextWords: z
        .array(z.string().min(4).max(64))
        .default([])
        .describe('Words that no new password may hold, beside the name of the portal and of the person.'),
    })
    .prefault({})
    .describe('New passwords.'),
  applications: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/), applicationSchema)
    .default({})
    .describe('The applications behind this portal, each by a short name of its own.'),
  limits: limits.prefault({}).describe('How many tries and messages. The house file holds the usual numbers.'),
})

export type PortalFile = z.infer<typeof portalSchema>
export type Application = z.infer<typeof applicationSchema>
export type Language = 'nl' | 'en' | 'fr' | 'de'

/** A portal as the house uses it: its file, checked, with its id and its true address. */
export interface Portal extends Omit<PortalFile, 'address'> {
  readonly id: string
  /** Where its file and its logo stand. */
  readonly folder: string
  /** Where people reach it, no slash at the end; also the OpenID Connect issuer. */
  readonly address: string
}
