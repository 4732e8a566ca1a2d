/*
 * A node of its own: `node story-child.ts '{"database", "key", "at", "code", "flows"}'` sends one code in each of the sign-ins, all at
 * once, and prints where each came to.
 */
import { isSaid } from '../../src/sign-in/index.ts'
import { openStorage } from '../../src/storage/index.ts'
import { openStory } from './story-house.ts'

const { database, key, at, code, flows } = JSON.parse(process.argv[2] ?? '{}')
const storage = await openStorage(database)
const town = await openStory(storage, { key: Buffer.from(key, 'hex') })
town.clock.at = at
const said = await Promise.all(
  flows.map(async (visitor: object) => {
    const browser = town.browser('c-point')
    browser.visitor = { ...browser.visitor, ...visitor }
    const outcome = await browser.code(code)
    return isSaid(outcome) ? outcome.said : outcome.situation.step.step
  }),
)
console.log(JSON.stringify(said))
await storage.close()
