/* Runs any script of the project under its own Node: `node scripts/with-node.mjs [--build] FILE ARGS`. */
import { bring, run } from './bring.mjs'

const args = process.argv.slice(2)
const wantsBuild = args[0] === '--build'
const node = await bring()
const built = wantsBuild ? await run(node, ['scripts/build.mjs', '--if-stale']) : 0
process.exit(built || (await run(node, wantsBuild ? args.slice(1) : args)))
