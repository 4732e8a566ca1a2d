import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { plainAddress } from '../storage/index.ts'

export type ClientAddress = (request: IncomingMessage) => string

/**
 * Who is at the other end: the socket, or what a named proxy says. X-Forwarded-For is read from the right, past the named proxies, and
 * only when the socket itself is one of them; what stands left of the first stranger, or of what is no address, was written by somebody
 * we do not know. No other header is ever read for it.
 */
export function clientAddressBy(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const it of trustedProxies) add(trusted, it)
  const isTrusted = (address: string): boolean => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (request) => {
    const socket = plainAddress(request.socket.remoteAddress ?? '')
    if (isIP(socket) === 0 || !isTrusted(socket)) return socket
    const told = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
    let nearest = socket
    for (const it of told.toReversed()) {
      const address = addressIn(it.trim())
      if (address === undefined) return nearest
      if (!isTrusted(address)) return address
      nearest = address
    }
    return nearest
  }
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`: as proxies write it. */
function addressIn(text: string): string | undefined {
  const [, bare] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text) ?? /^(\d[\d.]*):\d{1,5}$/.exec(text) ?? []
  const address = bare ?? text
  return isIP(address) === 0 ? undefined : plainAddress(address)
}

function add(list: BlockList, given: string): void {
  const [address = '', bits] = given.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
}
