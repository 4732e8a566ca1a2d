import type { House } from '../factors/index.ts'
import { giveTicket } from '../recovery/index.ts'
import { clockOf } from './clock.ts'
import type { Report } from './report.ts'
import { accountNamed, type WhichAccount } from './which-account.ts'

/** `account ticket`: a code that the person types once, with the password. Printed here and kept nowhere. */
export async function ticketFor(house: House, which: WhichAccount, report: Report): Promise<void> {
  const { portal, account } = await accountNamed(house, which)
  const { code, endsAt } = await giveTicket(house, account, house.clock.now())
  const until = new Date(endsAt).toISOString()
  report.done(
    { portal: portal.id, username: account.shown_name, ticket: code, until },
    [
      code,
      `Works once, until ${clockOf(endsAt, portal)}, for ${account.shown_name} of ${portal.name}, after the password.`,
      'Give it only to whom you have checked to be this person. An earlier ticket of this account works no more.',
    ].join('\n'),
  )
}
