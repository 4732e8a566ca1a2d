import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  ambientProblems,
  choiceProblems,
  demoProblems,
  drawingProblems,
  importProblems,
  leftOverProblems,
  portalNameProblems,
  type Source,
  shapeProblems,
} from './walls.ts'

const root = join(import.meta.dirname, '..')
const sources = ['src', 'demo', 'test', 'bench', 'scripts'].flatMap(readAll)

describe('the walls of the house', () => {
  test('a room imports only what the design allows, and only through its door', () => expect(importProblems(sources)).toEqual([]))
  test('the product does not know the demo, nor the demo the product', () => expect(demoProblems(sources)).toEqual([]))
  test('clock and chance are arguments', () => expect(ambientProblems(sources)).toEqual([]))
  test('a portal is data: no code names one', () => expect(portalNameProblems(sources)).toEqual([]))
  test('only the decision chooses what comes next', () => expect(choiceProblems(sources)).toEqual([]))
  test('nothing is left to do, and no markup goes past the escaping', () => expect(leftOverProblems(sources)).toEqual([]))
  test('files are short and folders flat', () => expect(shapeProblems(sources)).toEqual([]))
  test('a drawing stands at the door of each room', () => expect(drawingProblems(sources)).toEqual([]))
})

describe('a wall that could not be seen would not be there', () => {
  const red: readonly [string, (sources: readonly Source[]) => string[], string, string][] = [
    ['a package in the decision', importProblems, 'src/decision/a.ts', "import { z } from 'zod'"],
    ['the clock in the decision', importProblems, 'src/decision/a.ts', "import type { Clock } from '../clock.ts'"],
    ['a room above', importProblems, 'src/storage/a.ts', "import { submit } from '../sign-in/index.ts'"],
    ['a room past its door', importProblems, 'src/sign-in/a.ts', "import { nextStep } from '../decision/next-step.ts'"],
    ['a past door of types', importProblems, 'src/http/a.ts', "import type { Step } from '../decision/types.ts'"],
    ['more than types for a page', importProblems, 'src/pages/a.tsx', "import { nextStep } from '../decision/index.ts'"],
    ['the real clock in a room', importProblems, 'src/sign-in/a.ts', "import { systemClock } from '../clock.ts'"],
    ['a room that is not in the design', importProblems, 'src/shelf/a.ts', "import { a } from '../words/index.ts'"],
    ['an import that spans lines', importProblems, 'src/storage/a.ts', "import {\n  a,\n  b,\n} from '../audit/index.ts'"],
    ['an import while running', importProblems, 'src/storage/a.ts', "const it = await import('../audit/index.ts')"],
    ['a door that hands on', importProblems, 'src/storage/a.ts', "export * from '../audit/index.ts'"],
    ['a test part in the product', importProblems, 'src/http/a.ts', "import { a } from '../../test/support/faketime.ts'"],
    ['the demo in a test of the product', demoProblems, 'src/http/a.test.ts', "import { a } from '../../demo/catcher/index.ts'"],
    ['the product in the demo', demoProblems, 'demo/hub/a.ts', "import { totp } from '../../src/factors/index.ts'"],
    ['the time of day', ambientProblems, 'src/http/a.ts', 'const now = Date.now()'],
    ['a date of now', ambientProblems, 'src/http/a.ts', 'const now = new Date()'],
    ['chance', ambientProblems, 'src/http/a.ts', 'const it = Math.random()'],
    ['chance from crypto', ambientProblems, 'src/http/a.ts', "import { randomBytes } from 'node:crypto'"],
    ['a portal in a comment', portalNameProblems, 'src/http/a.ts', '// as UiTPAS does'],
    ['a portal in a style', portalNameProblems, 'src/pages/a.css', '.koop-cam {}'],
    ['a step made elsewhere', choiceProblems, 'src/sign-in/a.ts', "return { step: 'enrol', method }"],
    ['a method compared', choiceProblems, 'src/http/a.ts', "if (answer.method === 'totp') return redirect(app)"],
    ['a case of a method', choiceProblems, 'src/http/a.ts', "case 'totp': return redirect(app)"],
    ['a date compared', choiceProblems, 'src/http/a.ts', 'if (account.pausedUntil > now) return redirect(wait)'],
    ['a setting compared', choiceProblems, 'src/http/a.ts', "const to = portal.choice.kind === 'every-time' ? choose : code"],
    ['a setting asked', choiceProblems, 'src/http/a.ts', 'if (portal.phoneBeforeApp) return redirect(phone)'],
    ['a note to oneself', leftOverProblems, 'src/http/a.ts', `// ${'TO'}${'DO'} later`],
    ['raw markup', leftOverProblems, 'src/pages/a.tsx', `<p ${'dangerouslySet'}${'InnerHTML'}={it} />`],
    ['a long file', shapeProblems, 'test/a.ts', 'a\n'.repeat(401)],
    ['a long house', shapeProblems, 'src/http/a.ts', 'a\n'.repeat(121)],
    ['a deep folder', shapeProblems, 'src/http/forms/a.ts', ''],
    ['a door without a drawing', drawingProblems, 'src/http/index.ts', '/* http */\nexport {}'],
    ['a room without a door', drawingProblems, 'src/http/a.ts', ''],
  ]
  for (const [what, wall, path, text] of red) test(`${what} is seen`, () => expect(wall([{ path, text }])).toHaveLength(1))

  const drawn = `/*\n${' * a ──> b\n'.repeat(12)} */\nexport {}`
  const green: readonly [string, (sources: readonly Source[]) => string[], string, string][] = [
    ['a room reached through another', importProblems, 'src/http/a.ts', "import { nextStep } from '../decision/index.ts'"],
    ['the types of the clock', importProblems, 'src/sign-in/a.ts', "import type { Clock } from '../clock.ts'"],
    ['types among types for a page', importProblems, 'src/pages/a.tsx', "import { type Step, type Method } from '../decision/index.ts'"],
    ['a fault', importProblems, 'src/storage/a.ts', "import { Fault } from '../errors.ts'"],
    ['an import in a comment', importProblems, 'src/decision/a.ts', "// import { z } from 'zod'"],
    ['a date of an instant', ambientProblems, 'src/words/a.ts', 'new Date(at).toISOString()'],
    ['a comment that forbids', ambientProblems, 'src/words/a.ts', '/* never Date.now() */'],
    ['a portal in a test', portalNameProblems, 'src/http/a.test.ts', "const id = 'uitpas'"],
    ['a messages folder', shapeProblems, 'src/delivery/messages/a.ts', ''],
    ['a door with a drawing', drawingProblems, 'src/http/index.ts', drawn],
  ]
  for (const [what, wall, path, text] of green) test(`${what} is let through`, () => expect(wall([{ path, text }])).toEqual([]))
})

function readAll(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile() && /\.(m?[jt]sx?|css|svg|html|json|ya?ml)$/.test(it.name))
    .map((it) => join(it.parentPath, it.name))
    .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') }))
}
