/* A vitest reporter that counts for scripts/test.mjs: tests passed and failed, and why a test was skipped. */
import { writeFileSync } from 'node:fs'

export default class Tally {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} faults  thrown outside any test
   */
  onTestRunEnd(modules, faults) {
    const tests = modules.flatMap((it) => [...it.children.allTests()])
    const brokenFiles = modules.filter((it) => !it.ok() && ![...it.children.allTests('failed')].length)
    const failed = tests.filter((it) => it.result().state === 'failed').length + brokenFiles.length + faults.length
    const passed = tests.filter((it) => it.result().state === 'passed').length
    const skipped = tests.filter((it) => it.result().state === 'skipped' && !isFilteredOut()).map(asSkipped)
    const { SLUIS_TEST_TALLY: file } = process.env
    if (file) writeFileSync(file, JSON.stringify({ passed, failed, skipped }))
  }
}

/** With `-t` vitest calls every other test skipped. */
function isFilteredOut() {
  return process.argv.some((it) => it === '-t' || it.startsWith('--testNamePattern'))
}

/** @param {import('vitest/node').TestCase} test */
function asSkipped(test) {
  const result = test.result()
  const reason = result.state === 'skipped' && result.note ? result.note : 'no reason given'
  return { name: `${test.module.relativeModuleId}: ${test.fullName}`, reason }
}
