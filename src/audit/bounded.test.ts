import { expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import { account, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import type { Storage } from '../storage/index.ts'
import * as audit from './index.ts'

onEachEngine((opened) => {
  const written = async ({ db }: Storage, portal: string, event: string): Promise<number> =>
    (await db.selectFrom('audit').select('id').where('portal', '=', portal).where('event', '=', event).execute()).length
  const refuse = async ({ db }: Storage, portal: string, times: number, address: (it: number) => string, at = start): Promise<void> => {
    for (let it = 0; it < times; it++) await audit.requestRefused(db, { random, portal, at, address: address(it), reason: 'csrf' })
  }

  test('T038 T040 what one network is refused without end is written so often in an hour, and that more was left out is written too', async () => {
    const storage = opened()
    let leftOut = 0
    const close = audit.figures.listen((it) => {
      if (it.isLeftOut) leftOut++
    })
    await refuse(storage, 'haven', 700, (it) => `2001:db8:1:2::${it.toString(16)}`)
    close()
    expect([await written(storage, 'haven', 'request.refused'), await written(storage, 'haven', 'refusals.left-out'), leftOut]).toEqual([
      600, 1, 100,
    ])
    await refuse(storage, 'haven', 1, () => '192.0.2.1')
    await refuse(storage, 'kade', 1, () => '2001:db8:1:2::1')
    await refuse(storage, 'haven', 1, () => '2001:db8:1:2::1', start + 3_600_000)
    expect([await written(storage, 'haven', 'request.refused'), await written(storage, 'kade', 'request.refused')]).toEqual([602, 1])
  })

  test('what happened to an account is always written', async () => {
    const storage = opened()
    const accountId = await account(storage.db)
    const it = { random, portal: 'steiger', at: start, address: '192.0.2.9' }
    for (let n = 0; n < 620; n++) await audit.passwordRefused(storage.db, { ...it, accountId })
    expect(await written(storage, 'steiger', 'password.refused')).toBe(620)
  })
})
