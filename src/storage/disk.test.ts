import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDisk } from './disk.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluis-disk-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The system refuses to flush it: what a broken disk answers. */
const broken = '/dev/null'

test('who wrote hears of it once it is on the disk, however many wrote at once', async () => {
  const journal = join(folder, 'journal')
  writeFileSync(journal, 'written')
  const disk = openDisk(journal, () => expect.unreachable())
  await Promise.all(Array.from({ length: 100 }, () => disk.settled()))
  disk.close()
})

test('a disk that does not take what was written is told to everybody who waits', async () => {
  const disk = openDisk(broken, () => undefined)
  const told = await Promise.allSettled([disk.settled(), disk.settled(), disk.settled()])
  expect(told.map((it) => it.status)).toEqual(['rejected', 'rejected', 'rejected'])
})

test('after a failed flush nothing is believed before the database was written anew', async () => {
  let rewritten = 0
  const disk = openDisk(broken, () => {
    rewritten++
    throw new Error('the disk is full')
  })
  await expect(disk.settled()).rejects.toThrow('EINVAL')
  expect(rewritten).toBe(0)
  await expect(disk.settled()).rejects.toThrow('the disk is full')
  await expect(disk.settled()).rejects.toThrow('the disk is full')
  expect(rewritten).toBe(2)
})
