import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { themeCss } from '../pages/index.ts'
import { type Portal, themeOf } from '../portals/index.ts'

/** Files that never change under their name: the name holds a hash of the content. */
export interface Assets {
  of(portal: Portal): PortalAssets
  /** True when the path was one of ours and is answered. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean
}

export interface PortalAssets {
  readonly styles: readonly string[]
  readonly script: string
  readonly logo?: { readonly src: string; readonly dark?: string }
}

interface Kept {
  readonly body: Buffer
  readonly packed: Buffer | undefined
  readonly type: string
}

const folder = '/assets/'
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}
const pageFile = (name: string): Buffer => readFileSync(new URL(`../pages/${name}`, import.meta.url))

/** Reads all files once, at start. */
export function makeAssets(portals: Iterable<Portal>): Assets {
  const kept = new Map<string, Kept>()
  const keep = (name: string, body: Buffer): string => {
    const extension = extname(name)
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10)
    const path = `${folder}${name.slice(0, -extension.length)}-${hash}${extension}`
    const type = types[extension] ?? 'application/octet-stream'
    kept.set(path, { body, type, packed: extension === '.png' ? undefined : gzipSync(body) })
    return path
  }
  const styles = keep('styles.css', pageFile('styles.css'))
  const script = keep('script.js', pageFile('script.js'))
  const known = new Map<string, PortalAssets>()
  for (const portal of portals) {
    const logo = (file: string | undefined): string | undefined =>
      file && keep(`${portal.id}-${baseOf(file)}`, readFileSync(resolve(portal.folder, file)))
    const [src, dark] = [logo(portal.theme.logo), logo(portal.theme.logoDark)]
    const theme = keep(`${portal.id}.css`, Buffer.from(themeCss(themeOf(portal.theme.colour))))
    known.set(portal.id, { styles: [styles, theme], script, ...(src ? { logo: { src, ...(dark ? { dark } : {}) } } : {}) })
  }
  return {
    of: (portal) => known.get(portal.id) ?? { styles: [styles], script },
    serve: (path, request, response) => {
      const file = kept.get(path)
      if (file) answer(file, request, response)
      return file !== undefined
    },
  }
}

const baseOf = (file: string): string => file.replace(/^.*\//, '')

function answer({ body, packed, type }: Kept, request: IncomingMessage, response: ServerResponse): void {
  const isPacked = packed !== undefined && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const sent = isPacked ? packed : body
  response.setHeader('cache-control', 'public, max-age=31536000, immutable')
  // A logo is a picture and nothing else, also when somebody opens it by itself.
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'")
  response.setHeader('vary', 'accept-encoding')
  response.writeHead(200, { 'content-type': type, 'content-length': sent.length, ...(isPacked ? { 'content-encoding': 'gzip' } : {}) })
  response.end(request.method === 'HEAD' ? undefined : sent)
}
