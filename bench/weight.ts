import { gzipSync } from 'node:zlib'
import { openConnection } from './exchange.ts'

export interface Weight {
  /** Of the page with all that it loads, in KiB, packed as it comes or as a proxy would pack it. */
  readonly kibibytes: number
  readonly parts: string
}

/** A page, its styles, its pictures and its script. */
export async function weigh(port: number, path: string): Promise<Weight> {
  const connection = await openConnection(port)
  const page = await connection.ask('GET', path)
  const linked = [...page.body.matchAll(/(?:href|src|srcset)="(\/assets\/[^"]+)"/g)].map((it) => it[1] ?? '')
  const sizes: [string, number][] = [['page', gzipSync(Buffer.from(page.body, 'latin1')).length]]
  for (const file of new Set(linked)) {
    const { body, status } = await connection.ask('GET', file, ['accept-encoding: gzip'])
    if (status !== 200) throw new Error(`${file} answered ${status}`)
    sizes.push([file.replace(/^.*\/(.*)-.{10}\./, '$1.'), body.length])
  }
  connection.close()
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  return { kibibytes: total / 1024, parts: sizes.map(([name, size]) => `${name} ${(size / 1024).toFixed(1)}`).join(', ') }
}
