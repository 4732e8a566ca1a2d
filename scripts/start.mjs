/* npm start: set up what is missing, build, run the demo until Ctrl-C. */
import { bring, run } from './bring.mjs'

const node = await bring()
const built = await run(node, ['scripts/build.mjs', '--if-stale'])
process.exit(built || (await run(node, ['demo/main.ts', ...process.argv.slice(2)])))
