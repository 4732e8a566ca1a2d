/*
 * The real proxies, with the very examples of docs/forward-auth.md, on a free port of this machine:
 *
 *   const proxy = await startProxy('nginx', folder, { sluis, application })      proxy.port answers for every host of the example
 *
 * Only what an example cannot know is changed in it: ports, certificate, and a copy of the protected host for each further name.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { debian, libraryPath } from './debian.ts'
import { freePort } from './portal.ts'

export type ProxyName = 'nginx' | 'caddy'

export const proxies = () => debian('proxies', ['nginx', 'caddy', 'openssl'])

export interface Running {
  readonly port: number
  close(): Promise<void>
}

interface Behind {
  readonly sluis: number
  readonly application: number
  /** Protected hosts besides that of the example. */
  readonly more: readonly string[]
}

const manual = join(import.meta.dirname, '../../docs/forward-auth.md')

export function exampleOf(language: string): string {
  const [, text] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readFileSync(manual, 'utf8')) ?? []
  if (text === undefined) throw new Error(`docs/forward-auth.md holds no example for ${language}`)
  return text
}

export async function startProxy(name: ProxyName, unpacked: string, behind: Behind): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'sluis-proxy-'))
  const port = await freePort()
  const certificate = makeCertificate(unpacked, folder)
  const { command, text, file } = settings[name](unpacked, folder, port, certificate)
  const example = withHosts(exampleOf(name === 'nginx' ? 'nginx' : 'caddyfile'), name, behind.more)
  const ready = example
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${behind.sluis}`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${behind.application}`)
  writeFileSync(file, text(ready))
  const env = { ...process.env, LD_LIBRARY_PATH: libraryPath(unpacked), XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder }
  return watched(spawn(command[0] ?? '', command.slice(1), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }), port, folder)
}

/** A child that listens on this port from now on, until it is closed. */
export async function watched(child: ChildProcess, port: number, folder: string): Promise<Running> {
  let said = ''
  const end = (): unknown => child.kill('SIGTERM')
  // A test that fails leaves nothing running.
  process.once('exit', end)
  child.stderr?.on('data', (it) => {
    said = (said + it).slice(-4_000)
  })
  child.stdout?.resume()
  for (let tries = 0; !(await answers(port)); tries++) {
    if (child.exitCode !== null || tries > 100) throw new Error(`${child.spawnfile} did not open: ${said}`)
    await pause(100)
  }
  return {
    port,
    close: async () => {
      const over = once(child, 'exit')
      end()
      await over
      process.off('exit', end)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Certificate {
  readonly file: string
  readonly key: string
}

interface Setting {
  readonly command: readonly string[]
  readonly file: string
  text(example: string): string
}

const settings: Readonly<Record<ProxyName, (unpacked: string, folder: string, port: number, certificate: Certificate) => Setting>> = {
  nginx: (unpacked, folder, port, { file, key }) => {
    const conf = join(folder, 'nginx.conf')
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${folder}/${it};`).join(' ')
    return {
      command: [join(unpacked, 'usr/sbin/nginx'), '-p', folder, '-e', 'stderr', '-c', conf],
      file: conf,
      text: (example) =>
        `daemon off; pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${places}\n${example
          .replaceAll('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
          .replaceAll('/etc/ssl/example.org.pem', file)
          .replaceAll('/etc/ssl/example.org.key', key)}\n}\n`,
    }
  },
  caddy: (unpacked, folder, port, { file, key }) => ({
    command: [join(unpacked, 'usr/bin/caddy'), 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
    file: join(folder, 'Caddyfile'),
    text: (example) =>
      `{\n\tadmin off\n\thttps_port ${port}\n\tauto_https disable_redirects\n}\n${example.replace(/^([\w.]+) \{$/gm, `$1 {\n\tbind 127.0.0.1\n\ttls ${file} ${key}`)}`,
  }),
}

/** The block of the protected host once more, for each further name. */
function withHosts(example: string, name: ProxyName, more: readonly string[]): string {
  const start = name === 'nginx' ? example.lastIndexOf('\nserver {') : example.lastIndexOf('\nplanning.example.org {')
  const block = example.slice(start)
  return example + more.map((it) => block.replaceAll('planning.example.org', it)).join('')
}

function makeCertificate(unpacked: string, folder: string): Certificate {
  const [file, key] = [join(folder, 'certificate.pem'), join(folder, 'certificate.key')]
  mkdirSync(folder, { recursive: true })
  const about = ['-subj', '/CN=example.org', '-addext', 'subjectAltName=DNS:*.example.org', '-days', '2', '-nodes']
  const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', key, '-out', file, ...about]
  const env = { ...process.env, LD_LIBRARY_PATH: libraryPath(unpacked), OPENSSL_CONF: join(unpacked, 'etc/ssl/openssl.cnf') }
  execFileSync(join(unpacked, 'usr/bin/openssl'), how, { env, stdio: 'pipe' })
  return { file, key }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (is: boolean) => () => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', end(true)).once('error', end(false))
  })
}

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
}

/** An application that knows nothing of Sluis: says what it was asked, and remembers it. */
export async function startApplication(): Promise<Running & { readonly seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers, rawHeaders } = request
    seen.push({ method, url, headers, rawHeaders })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ method, url, headers, rawHeaders }))
  })
  server.on('upgrade', ({ method = '', url = '', headers, rawHeaders }, socket) => {
    seen.push({ method, url, headers, rawHeaders })
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
