import { z } from 'zod'
import { tells, text } from './schema-atoms.ts'

const minutes = (n: number): number => n * 60
const day = z.iso.date().describe('A day as 2027-03-01; it begins at 00:00 in the time zone of the portal.')

const methods = z.enum(['totp', 'email', 'sms'])

export const secondStep = z.strictObject({
  methods: z
    .array(methods)
    .min(1)
    .meta(
      tells(
        'What a second step can be, in the order in which it is offered: an authenticator app, a code by e-mail, a code by text message.',
        ['totp', 'sms'],
      ),
    ),
  choice: z
    .enum(['every-time', 'last-used'])
    .default('last-used')
    .describe('Whether people choose the method at every sign-in, or get the one they used last.'),
  gate: z
    .enum(['email', 'sms-or-email', 'none'])
    .default('email')
    .describe('The proof that comes before any secret is shown. none: whoever knows the password can link an app; needs deviations.gate.'),
  phoneBeforeApp: z.boolean().default(false).describe('Whether a mobile number must be proven before an authenticator app is linked.'),
  keepLastMethod: z
    .boolean()
    .default(false)
    .describe('Whether people must add another method before they remove their last one. Otherwise the next sign-in sets one up anew.'),
  noMailReason: z.boolean().default(false).describe('Whether the choice pages say why a code by e-mail is not possible.'),
  codeLifeSeconds: z
    .int()
    .min(120)
    .max(900)
    .default(600)
    .describe('How long a mailed or texted code can be used. Above 600 a reason must stand in deviations.codeLife.'),
  rememberedBrowser: z
    .strictObject({
      days: z.int().min(1).max(30).meta(tells('Days after the last real second step.', 7)),
      ticked: z.boolean().default(false).describe('Whether the box is ticked when the page opens.'),
    })
    .optional()
    .describe('Applications with `remembered` ask no second step in a browser that was remembered. Left out: never.'),
  deviations: z
    .strictObject({
      codeLife: text.optional().describe('Why codes live longer than 600 seconds.'),
      gate: text.optional().describe('Why no proof comes before the secret. `sluis check` and every start warn of it.'),
    })
    .default({})
    .describe('A written reason for each setting that is weaker than the house rule.'),
})

export const enforcement = z
  .discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('at-once').describe('Everybody, from the first sign-in.') }),
    z.strictObject({
      mode: z.literal('from').describe('Everybody, from a date.'),
      from: day.meta(
        tells('The day from which the second step is asked, beginning at 00:00 in the time zone of the portal.', '2027-03-01'),
      ),
      groups: z
        .record(z.string(), day)
        .default({})
        .meta(
          tells('Dates for groups of accounts; an account has at most one group (`account import`, column group).', {
            'wave-2': '2027-06-01',
          }),
        ),
      announceDays: z.int().min(0).max(365).default(45).describe('How many days ahead people read of the date when they sign in.'),
    }),
    z.strictObject({
      mode: z.literal('opt-in').describe('Whoever wants it; from the first confirmed method on it is asked of that person.'),
    }),
  ])
  .meta(tells('When the second step is asked.', { mode: 'from' }))

export const limits = z.strictObject({
  codeTries: z.int().min(1).max(10).default(5).describe('Wrong tries before a mailed or texted code stops and a new one is sent.'),
  failuresBeforePause: z.int().min(3).max(10).default(10).describe('Wrong codes in a row before a pause.'),
  pauseSeconds: z.int().min(60).default(minutes(15)).describe('The first pause; each next one is twice as long.'),
  failuresBeforeDisable: z.int().min(20).max(100).default(100).describe('Wrong codes in a row before an authenticator is turned off.'),
  resendSeconds: z
    .array(z.int().min(10))
    .length(3)
    .default([30, 60, 120])
    .describe('The wait before the first, the second and every later new code of one sign-in.'),
  resendsPerHour: z.int().min(1).max(10).default(5).describe('New codes that an account may ask for in an hour.'),
  firstCodesPerHour: z.int().min(1).max(60).default(20).describe('First codes of new sign-ins of an account in an hour.'),
  passwordFailuresBeforePause: z.int().min(3).max(20).default(10).describe('Wrong passwords for a name before a pause.'),
  signInsPerNetworkPerMinute: z
    .int()
    .min(30)
    .max(100_000)
    .default(600)
    .describe(
      'Sign-ins that one network begins in a minute before anybody gave a password. Browsers that were signed in before are not counted out.',
    ),
  smsPerNumberPerDay: z.int().min(5).max(100).default(30).describe('Text messages with a code to one number in a day.'),
  smsPerBlockPerHour: z
    .int()
    .min(5)
    .max(10_000)
    .default(60)
    .describe('The same to numbers that differ only in their last four digits, in an hour.'),
  smsPerForeignCountryPerDay: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(300)
    .describe('The same to each country that is not the own one of the portal, in a day.'),
  mailPerAddressPerHour: z
    .int()
    .min(10)
    .max(1_000)
    .default(100)
    .describe('Mails with a code or a link to one address in an hour; people may share a mailbox.'),
  codesPerNetworkPerHour: z
    .int()
    .min(20)
    .max(100_000)
    .default(1_000)
    .describe('Codes that one network has sent in an hour, by mail or text message.'),
  smsPerDay: z
    .int()
    .min(10)
    .max(10_000_000)
    .default(2_000)
    .describe('Text messages with a code that the portal sends in a day: what you are ready to pay. At four fifths the log warns.'),
  mailPerHour: z
    .int()
    .min(100)
    .max(10_000_000)
    .default(5_000)
    .describe(
      'Mails with a code or a link that the portal sends in an hour. At four fifths the log warns, and links for forgotten passwords wait.',
    ),
  passwordFailuresPerNetwork: z
    .int()
    .min(20)
    .max(10_000)
    .default(100)
    .describe(
      'Wrong passwords from one network in an hour before it pauses for 30 to 60 seconds: an IPv4 address, of IPv6 a /64, and four times as many of a /48. Known browsers, and who was signed in there in the last 90 days, are not held up; the page of all others works a little instead, where it has JavaScript.',
    ),
})
