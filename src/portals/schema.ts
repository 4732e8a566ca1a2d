import { z } from 'zod'

/*
 * The schema is type, check, completion and manual at once. A portal file is the house file (`_house.yaml`, the floor)
 * with the portal's own keys over it; unknown keys fail.
 */

const text = z.string().min(1).max(500)
/** A text per language; a language that is missing falls back to English, then Dutch. `nl` holds `[je/u]` forms. */
export const texts = z.strictObject({ nl: text.optional(), en: text.optional(), fr: text.optional(), de: text.optional() })
const minutes = (n: number): number => n * 60
const day = z.iso.date().describe('A day as 2024-03-18, beginning at 00:00 in the time zone of the portal.')

export const applicationSchema = z.strictObject({
  title: text.describe('How people call the application.'),
  secondStep: z
    .enum(['remembered', 'session', 'every-time'])
    .default('session')
    .describe(
      'remembered: a remembered browser is enough (applications that used to ask a password alone). ' +
        'session: one second step in a sign-in. every-time: a second step each time the application asks.',
    ),
  client: z
    .strictObject({
      id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/),
      secret: z.string().min(32).max(256).optional(),
      secretFile: z.string().min(1).optional(),
      redirectUris: z.array(z.url()).min(1).max(20),
      postLogoutRedirectUris: z.array(z.url()).max(20).default([]),
      idTokenAlgorithm: z.enum(['RS256', 'ES256', 'EdDSA']).default('RS256'),
      scopes: z.array(z.enum(['openid', 'profile', 'email', 'phone'])).default(['openid', 'profile', 'email']),
    })
    .optional()
    .describe('The OpenID Connect client of this application.'),
})

export const portalSchema = z.strictObject({
  name: text.max(40).describe('The name people know, on every page and in every message.'),
  address: z.url().optional().describe('Where the portal lives, without a slash at the end. In the demo a path of one host.'),
  country: z.enum(['BE', 'NL', 'FR', 'DE', 'LU']),
  timeZone: z.string().default('Europe/Brussels'),
  register: z.enum(['je', 'u']).describe('How people are addressed in Dutch.'),
  languages: z
    .array(z.enum(['nl', 'en', 'fr', 'de']))
    .min(1)
    .default(['nl', 'en', 'fr', 'de']),
  environment: z.enum(['production', 'preproduction', 'test']).default('production'),

  identifier: z.enum(['username', 'email']).default('username'),
  pages: z.enum(['one-page', 'identifier-first']).default('one-page'),

  secondStep: z.strictObject({
    methods: z
      .array(z.enum(['totp', 'email', 'sms']))
      .min(1)
      .describe('In the order in which they are offered.'),
    choice: z.enum(['every-time', 'last-used']).default('last-used'),
    gate: z.enum(['email', 'sms-or-email', 'none']).default('email').describe('The proof before any secret is shown.'),
    phoneBeforeApp: z.boolean().default(false),
    noMailReason: z.boolean().default(false).describe('Say on the choice pages why a code by e-mail is not possible.'),
    codeLifeSeconds: z.int().min(120).max(900).default(600),
    rememberedBrowser: z
      .strictObject({ days: z.int().min(1).max(30), ticked: z.boolean().default(false) })
      .optional()
      .describe('Left out: a browser is never remembered.'),
    deviations: z
      .strictObject({ codeLife: text.optional(), gate: text.optional() })
      .default({})
      .describe('A written reason for each setting that is weaker than the house rule.'),
  }),

  enforcement: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('at-once') }),
      z.strictObject({
        mode: z.literal('from'),
        from: day,
        groups: z.record(z.string(), day).default({}).describe('Dates for groups of accounts; an account has at most one group.'),
        announceDays: z.int().min(0).max(365).default(45),
      }),
      z.strictObject({ mode: z.literal('opt-in') }),
    ])
    .describe('When the second step is asked.'),

  vocabulary: z
    .strictObject({
      verb: z.enum(['aanmelden', 'inloggen']).default('aanmelden'),
      phoneNumber: z.enum(['gsm-nummer', 'telefoonnummer']).default('telefoonnummer'),
      app: texts.optional(),
      mail: texts.optional(),
      sms: texts.optional(),
      proof: texts.optional(),
      newPhone: texts.optional(),
      twoStep: texts.optional(),
    })
    .prefault({}),
  labels: z.record(z.string(), texts).default({}).describe('Buttons and links with an exact label of the portal, by key.'),
  texts: z.record(z.string(), texts).default({}).describe('Other words of the portal, by the key of the catalogue.'),

  support: z.strictObject({
    name: texts.describe('The short name of the help, as in: Vraag {support} om hulp.'),
    lines: z
      .array(z.union([texts, z.strictObject({ email: z.email() }), z.strictObject({ phone: text }), z.strictObject({ url: z.url() })]))
      .min(1)
      .max(5),
  }),
  links: z.strictObject({ guide: z.url().optional(), privacy: z.url().optional(), accessibility: z.url().optional() }).prefault({}),

  theme: z.strictObject({
    colour: z.string().regex(/^#[0-9a-f]{6}$/i),
    logo: z.string().optional().describe('SVG or PNG beside the portal file.'),
    logoDark: z.string().optional(),
  }),
  mail: z.strictObject({ from: z.email(), replyTo: z.email().optional() }),
  sms: z
    .strictObject({
      name: z.string().min(1).max(16).describe('The portal in a text message, at most 16 characters.'),
      sender: z.strictObject({
        production: z.string().min(1).max(11),
        preproduction: z.string().min(1).max(11).optional(),
        test: z.string().min(1).max(11).optional(),
      }),
      countries: z.array(z.string().length(2)).min(1).default(['BE', 'NL']),
    })
    .optional(),

  password: z.strictObject({ minimumLength: z.int().min(8).max(64).default(12) }).prefault({}),
  applications: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/), applicationSchema).default({}),
  limits: z
    .strictObject({
      codeTries: z.int().min(1).max(10).default(5),
      failuresBeforePause: z.int().min(3).max(10).default(10),
      pauseSeconds: z.int().min(60).default(minutes(15)),
      failuresBeforeDisable: z.int().min(20).max(100).default(100),
      resendSeconds: z.array(z.int().min(10)).length(3).default([30, 60, 120]),
      resendsPerHour: z.int().min(1).max(10).default(5),
      firstCodesPerHour: z.int().min(1).max(60).default(20),
      passwordFailuresBeforePause: z.int().min(3).max(20).default(10),
    })
    .prefault({}),
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
