/*
 * Bundles src/main.ts and src/cli.ts into dist/, so that a start loads a few files and finds them compiled.
 *
 *   src/main.ts ──> dist/main.bundle.js   our own code and the packages; what is machine code stays outside
 *                   dist/main.js          turns the compile cache on, then imports the bundle
 *
 * Files beside the sources (styles, pictures) stay there: `import.meta.url` keeps meaning the source file.
 */
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { rolldown } from 'rolldown'
import { alone, root } from './bring.mjs'

const dist = join(root, 'dist')
const stamp = join(dist, '.built')
const entries = ['main', 'cli'].filter((it) => existsSync(join(root, 'src', `${it}.ts`)))

/** Machine code, and what `pg` would use if it were there. */
const outside = /^(node:|@node-rs\/|pg-native$)/

if (process.argv.includes('--if-stale') && !isStale()) process.exit(0)
await alone('build', build)

async function build() {
  const startedAt = performance.now()
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((it) => [`${it}.bundle`, join(root, 'src', `${it}.ts`)])),
    platform: 'node',
    external: outside,
    plugins: [
      { name: 'source-addresses', transform: { filter: { id: /\/src\/.*\.tsx?$/ }, handler: withSourceAddress } },
      { name: 'plain-http', renderChunk: withPlainHttp },
    ],
    onLog: (level, log, say) => log.code !== 'EVAL' && say(level, log),
  })
  const { output } = await bundle.write({
    dir: dist,
    format: 'esm',
    sourcemap: true,
    // Without blanks and comments: a start reads half as much, and the process keeps what it read. Names stay, for the traces of faults.
    minify: { compress: false, mangle: false, codegen: true },
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
  })
  await bundle.close()
  for (const it of output) if (it.type === 'chunk') writeFileSync(join(dist, it.fileName), inOneByte(it.code))
  for (const it of entries) writeFileSync(join(dist, `${it}.js`), entryOf(it))
  tidy(new Set(output.map((it) => it.fileName)))
  writeFileSync(stamp, '')
  console.error(`Built ${entries.map((it) => `dist/${it}.js`).join(', ')} in ${Math.round(performance.now() - startedAt)} ms.`)
}

/** A static import would be loaded before the cache is on. */
function entryOf(/** @type {string} */ name) {
  return `import { enableCompileCache } from 'node:module'
enableCompileCache(new URL('../.cache/compiled', import.meta.url).pathname)
await import('./${name}.bundle.js')
`
}

/**
 * As a module, node:http is asked for each of its names when it is imported, and one of them loads a whole client for fetch: 70 ms of
 * a start, for nothing that is used here.
 */
function withPlainHttp(/** @type {string} */ code) {
  const plain = code.replaceAll(/^import (.+) from "node:(https?)";$/gm, (_, names, module) => {
    return `const ${names.replaceAll(' as ', ': ')} = process.getBuiltinModule("node:${module}");`
  })
  return { code: plain, map: null }
}

/** One letter beyond Latin-1, in a comment too, and V8 keeps two bytes for every letter of the file. */
function inOneByte(/** @type {string} */ code) {
  const escaped = (/** @type {string} */ letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  if (/\\[\u0100-\uffff]/.test(code))
    throw new Error('a letter beyond Latin-1 stands behind a backslash: it cannot be written as an escape')
  return code.replaceAll(/[\u0100-\uffff]/g, escaped)
}

function withSourceAddress(/** @type {string} */ code, /** @type {string} */ id) {
  if (!code.includes('import.meta')) return
  const address = (/** @type {string} */ path) => `new URL(${JSON.stringify(relative(dist, path))}, import.meta.url)`
  const means = { url: `${address(id)}.href`, filename: `${address(id)}.pathname`, dirname: `${address(dirname(id))}.pathname` }
  const bundled = code.replaceAll(/import\.meta\.(url|filename|dirname)\b/g, (_, /** @type {keyof typeof means} */ it) => means[it])
  return { code: bundled, map: null }
}

/** What earlier builds were compiled to goes; so do their shared pieces, but not those of the last quarter of an hour: a running server may still want one. */
function tidy(/** @type {Set<string>} */ kept) {
  rmSync(join(root, '.cache', 'compiled'), { recursive: true, force: true })
  for (const name of readdirSync(dist)) {
    const old = Date.now() - statSync(join(dist, name)).mtimeMs > 900_000
    if (name.startsWith('shared-') && old && !kept.has(name)) rmSync(join(dist, name))
  }
}

function isStale() {
  if (entries.some((it) => !existsSync(join(dist, `${it}.bundle.js`))) || !existsSync(stamp)) return true
  const builtAt = statSync(stamp).mtimeMs
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  const files = sources.filter((it) => it.isDirectory() || /\.tsx?$/.test(it.name)).map((it) => join(it.parentPath, it.name))
  return [...files, join(root, 'package-lock.json'), join(root, 'scripts', 'build.mjs')].some((it) => statSync(it).mtimeMs > builtAt)
}
