/*
 * npm run gallery: every page in its states as a file, to look at. No server, no database.
 *
 *   src/pages/*.samples.tsx ── x nl, nl-formal, en ──> gallery/P25-wrong.nl.html, gallery/index.html
 *
 * Light and dark follow the browser.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { root } from './bring.mjs'

const target = join(root, 'gallery')
const built = join(root, '.cache', 'gallery')
const { samples, stageOf, tongues, render, themeCss, loadPortals, themeOf } = await bundled()
const folder = join(root, 'portals')
const { portals, problems } = loadPortals([folder], { address: 'http://localhost:8080', applications: 'http://localhost:8090' })
if (problems.length > 0) throw new Error(`the portal files have problems: ${JSON.stringify(problems)}`)

rmSync(target, { recursive: true, force: true })
mkdirSync(join(target, 'assets'), { recursive: true })
for (const name of ['styles.css', 'script.js']) copyFileSync(join(root, 'src', 'pages', name), join(target, 'assets', name))
for (const name of readdirSync(folder).filter((it) => it.endsWith('.svg'))) copyFileSync(join(folder, name), join(target, 'assets', name))
for (const { id, theme } of portals.values()) writeFileSync(join(target, 'assets', `${id}.css`), themeCss(themeOf(theme.colour)))

const rows = samples.map((/** @type {any} */ sample) => {
  const links = tongues.map((/** @type {string} */ tongue) => {
    const stage = stageOf(portals.get(sample.portal), tongue, { assets: 'assets', addressOf: () => 'index.html' })
    const name = `${sample.name.replaceAll(/[^\w]+/g, '-')}.${tongue}.html`
    writeFileSync(join(target, name), render(sample.draw(stage)))
    return `<a href="${name}">${tongue}</a>`
  })
  return `<li><p>${sample.name}, ${sample.portal}</p> <p>${links.join(' ')}</p></li>`
})
writeFileSync(join(target, 'index.html'), indexOf(rows))
console.log(`Wrote ${rows.length * tongues.length} pages; open ${join(target, 'index.html')}`)

function indexOf(/** @type {string[]} */ list) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gallery - Sluis</title><link rel="stylesheet" href="assets/styles.css"><link rel="stylesheet" href="assets/c-point.css"></head>
<body><main><h1>Gallery</h1><ul role="list" class="rows pairs">
${list.join('\n')}
</ul></main></body></html>
`
}

/**
 * The samples are TSX, which Node does not read by itself.
 * @returns {Promise<Record<string, any>>}
 */
async function bundled() {
  const entries = {
    samples: 'pages/all.samples.tsx',
    stage: 'pages/stage.samples.tsx',
    pages: 'pages/index.ts',
    portals: 'portals/index.ts',
  }
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, 'src', path)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  })
  await bundle.write({ dir: built, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'shared-[hash].mjs' })
  await bundle.close()
  const parts = await Promise.all(Object.keys(entries).map((it) => import(pathToFileURL(join(built, `${it}.mjs`)).href)))
  return Object.assign({}, ...parts)
}
