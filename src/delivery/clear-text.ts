import { Fault } from '../errors.ts'

/** Codes cross no network in the clear: without TLS only a server on this machine is spoken to. */
export function refuseClearText(key: 'smtp' | 'smpp', host: string, secure: string): void {
  if (secure !== 'none' || isThisMachine(host)) return
  throw new Fault(
    'config-refused',
    `${key}.secure: none given for ${host}; without TLS only a server on this machine is allowed. Give tls, or a tunnel on localhost.`,
  )
}

const isThisMachine = (host: string): boolean => /^(localhost|([a-z0-9-]+\.)+localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
