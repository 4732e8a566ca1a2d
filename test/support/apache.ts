/* Apache with mod_auth_openidc as Debian ships them, with the very example of docs/forward-auth.md, as a relying party on this machine. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debian, libraryPath } from './debian.ts'
import { exampleOf, type Running, watched } from './proxies.ts'

export const apache = () =>
  debian('apache', ['apache2-bin', 'libapache2-mod-auth-openidc', 'libapr1', 'libaprutil1', 'libcjose0', 'libhiredis0.14', 'libjansson4'])

const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'headers', 'proxy', 'proxy_http']
const inTheProgram = (unpacked: string) => (name: string) =>
  `LoadModule ${name}_module ${join(unpacked, 'usr/lib/apache2/modules', `mod_${name}.so`)}`

/** `portal`: the address of the issuer. On http, for this machine alone: the lines about TLS are left out. */
export async function startApache(
  unpacked: string,
  { port, portal, secret, application }: { port: number; portal: string; secret: string; application: number },
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'sluis-apache-'))
  // As root it works as another user, who has to reach its locks.
  chmodSync(folder, 0o777)
  const example = exampleOf('apache')
    .replace(/^ *SSL.*\n/gm, '')
    .replaceAll('*:443', `127.0.0.1:${port}`)
    .replaceAll('https://login.example.org', portal)
    .replaceAll('https://registry.example.org', `http://localhost:${port}`)
    .replaceAll('secret-of-at-least-32-characters', secret)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${application}`)
  const conf = join(folder, 'apache.conf')
  const frame = [
    ...modules.map(inTheProgram(unpacked)),
    `ServerRoot ${folder}`,
    `DefaultRuntimeDir ${folder}`,
    `PidFile ${folder}/pid`,
    `Mutex file:${folder} default`,
    'User www-data',
    'Group www-data',
    `Listen 127.0.0.1:${port}`,
    'ServerName localhost',
    `ErrorLog ${folder}/error.log`,
    'LogLevel warn',
  ]
  writeFileSync(conf, `${frame.join('\n')}\n${example}`)
  const env = { ...process.env, LD_LIBRARY_PATH: libraryPath(unpacked) }
  const child = spawn(join(unpacked, 'usr/sbin/apache2'), ['-D', 'FOREGROUND', '-f', conf], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  return watched(child, port, folder)
}
