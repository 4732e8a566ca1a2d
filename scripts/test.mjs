/*
 * npm test: types, lint, build, then the suites. The last line reads `N passed, N failed`.
 *
 *   npm test -- totp     only test files whose path has `totp` in it
 *   --quick              the checks and the walls alone (npm run check)
 *   --long               SLUIS_TEST_LONG=1: the whole matrix (npm run test:long)
 *
 * A failed check counts as one failure. With CI=1 a skipped test does, too.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bring, run } from './bring.mjs'

const ours = ['--quick', '--long']
const asked = new Set(process.argv.slice(2).filter((it) => ours.includes(it)))
const filters = process.argv.slice(2).filter((it) => !ours.includes(it))
const quick = asked.has('--quick')
const inCi = !['', '0', 'false', undefined].includes(process.env.CI)

const node = await bring()
const scratch = mkdtempSync(join(tmpdir(), 'sluis-test-'))
const tally = join(scratch, 'tally.json')
const { failedChecks, suitesFailed } = await runAll()
const { passed, failed, skipped } = counted()
rmSync(scratch, { recursive: true, force: true })

for (const it of skipped) console.log(`skipped: ${it.name} (${it.reason})`)
for (const it of failedChecks) console.log(`failed check: ${it}`)
const skipsThatFail = inCi ? skipped.length : 0
const nothingRan = passed + failed + skipped.length === 0
if (nothingRan) console.log('failed check: no test was run')
// A run that ends badly without a failed test (a broken set-up, a killed worker) is a failure all the same.
const unexplained = nothingRan || (suitesFailed && failed === 0) ? 1 : 0
const failures = failed + failedChecks.length + skipsThatFail + unexplained
process.stdout.write(`${passed} passed, ${failures} failed\n`, () => process.exit(failures === 0 ? 0 : 1))

async function runAll() {
  /** @type {Array<[string, string[]]>} */
  const checks = [
    ['types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.']],
    ['lint', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--diagnostic-level=error', '.']],
  ]
  if (!quick) checks.push(['build', ['scripts/build.mjs', '--if-stale']])
  const codes = await Promise.all(checks.map(([, args]) => run(node, args)))
  const suites = quick ? ['test/architecture.test.ts', 'test/docs.test.ts'] : filters
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...suites, '--passWithNoTests']
  const code = await run(node, vitest, {
    NODE_ENV: 'test',
    SLUIS_TEST_TALLY: tally,
    ...(asked.has('--long') ? { SLUIS_TEST_LONG: '1' } : {}),
  })
  return { failedChecks: checks.filter((_, at) => codes[at] !== 0).map(([name]) => name), suitesFailed: code !== 0 }
}

/** @returns {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }} */
function counted() {
  try {
    return JSON.parse(readFileSync(tally, 'utf8'))
  } catch {
    return { passed: 0, failed: 0, skipped: [] }
  }
}
