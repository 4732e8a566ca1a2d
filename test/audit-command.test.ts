import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newOperator } from './support/command-line.ts'

/* `sluis audit verify` through the real bin/sluis. */

const operator = newOperator()
const { sluis } = operator
beforeAll(async () => void (await sluis(['--help'])), 120_000) // builds once
afterAll(() => operator.close())

const change = (statement: string): void => {
  using file = new DatabaseSync(`${operator.folder}/sluis.db`)
  file.exec(statement)
}

test('events that wait too long for their place are told, with exit code 1', async () => {
  expect(await sluis(['audit', 'verify'])).toEqual({ exitCode: 0, stdout: 'No event yet.\n', stderr: '' })
  const anna = ['--portal', 'c-point', '--username', 'anna', '--password-stdin']
  expect((await sluis(['account', 'add', ...anna], { input: 'twaalf eenden zwemmen traag\n' })).exitCode).toBe(0)
  expect((await sluis(['audit', 'verify'])).exitCode).toBe(0)
  change('update audit set at = at - 6000')
  const ran = await sluis(['audit', 'verify'])
  expect(ran).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'c-point: 0 events, the chain holds, end 0:-\n  1 wait for their place: does the service run?\n',
  })
})

test('a broken chain is told in full as words and as JSON, and wrong use is told apart', async () => {
  change("update audit set seq = 1, seal = 'x', person_seal = 'y'")
  const ran = await sluis(['audit', 'verify', '--portal', 'c-point'])
  expect(ran.exitCode).toBe(1)
  expect(ran.stderr).toContain('THE CHAIN IS BROKEN')
  expect(ran.stderr).toContain('event 1 was changed')
  const json = await sluis(['audit', 'verify', '--json'])
  expect(json.exitCode).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({
    chains: [{ portal: 'c-point', events: 1, problems: [{ problem: 'changed', seq: 1 }, {}] }],
  })
  expect((await sluis(['audit', 'verify', '--known', '1:x'])).exitCode).toBe(1)
  expect((await sluis(['audit', 'verify', '--known', 'x'])).exitCode).toBe(2)
  expect((await sluis(['audit', 'verify', '--portal', 'nergens'])).stderr).toContain("No event of a portal 'nergens'")
})
