import { expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import { notePasswordWork, passwordWorks } from './index.ts'

onEachEngine((opened, another) => {
  test('work that is noted twice, also by two processes at once, is known once, and at its portal alone', async () => {
    const two = await another()
    const noting = ['$2b$12$', '$2b$10$', '$2b$12$'].flatMap((work) => [opened(), two].map(({ db }) => notePasswordWork(db, 'north', work)))
    await Promise.all(noting)
    await opened().inTransaction((tx) => notePasswordWork(tx, 'south', 'pbkdf2_sha256$600000$'))
    expect(await passwordWorks(two.db, 'north')).toEqual(['$2b$10$', '$2b$12$'])
    expect(await passwordWorks(opened().db, 'south')).toEqual(['pbkdf2_sha256$600000$'])
    expect(await passwordWorks(opened().db, 'west')).toEqual([])
  })
})
