import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openLog } from './log-volume.ts'

test('T040 a flood of one kind leaves a bounded number of lines and one that counts the rest; other kinds are all there', async () => {
  const lines: { msg: string; of?: string; leftOut?: number; level: number; portal?: string }[] = []
  const log = openLog({ most: 10, everyMilliseconds: 100, destination: { write: (line) => void lines.push(JSON.parse(line)) } })
  for (let it = 0; it < 10_000; it++) log.warn({ portal: 'haven', it }, 'an application sent a wrong request')
  log.error({ err: new Error('disk') }, 'events were not sealed')
  log.info('Sluis is open')
  expect(lines).toHaveLength(12)
  expect(lines.at(-2)).toMatchObject({ level: 50, msg: 'events were not sealed' })
  await pause(250)
  expect(lines.filter((it) => it.leftOut)).toEqual([expect.objectContaining({ of: 'an application sent a wrong request', leftOut: 9_990 })])
  log.warn({ portal: 'haven' }, 'an application sent a wrong request')
  expect(lines.at(-1)).toMatchObject({ portal: 'haven', msg: 'an application sent a wrong request' })
})

test('T040 words that are never the same share one count', () => {
  let lines = 0
  const log = openLog({ most: 10, destination: { write: () => void lines++ } })
  for (let it = 0; it < 5_000; it++) log.warn(`path ${it}`)
  expect(lines).toBe(500 + 10)
})
