import type { Instant, Policy } from '../decision/index.ts'
import { oncePerPortal, startOfDay } from '../portals/index.ts'

/** A portal file in the words of the decision. */
export const policyOf = oncePerPortal((portal): Policy => {
  const { secondStep, enforcement, applications } = portal
  const dayAt = (day: string): Instant => startOfDay(day, portal.timeZone)
  return {
    pages: portal.pages,
    methods: secondStep.methods,
    choice: secondStep.choice,
    gate: secondStep.gate,
    phoneBeforeApp: secondStep.phoneBeforeApp,
    keepsLastMethod: secondStep.keepLastMethod,
    rememberedSeconds: (secondStep.rememberedBrowser?.days ?? 0) * 86_400,
    enforcement:
      enforcement.mode === 'from'
        ? {
            mode: 'from',
            at: dayAt(enforcement.from),
            groups: mapValues(enforcement.groups, dayAt),
            announceSeconds: enforcement.announceDays * 86_400,
          }
        : { mode: enforcement.mode },
    applications: mapValues(applications, (it) => it.secondStep),
  }
})

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
