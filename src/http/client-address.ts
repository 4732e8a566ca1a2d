import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

export type ClientAddress = (request: IncomingMessage) => string

/**
 * Who is at the other end: the socket, or what a named proxy says. X-Forwarded-For is read from the right, past the named
 * proxies, and only when the socket itself is one of them; nothing else in a request is believed.
 */
export function clientAddressBy(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const it of trustedProxies) add(trusted, it)
  const isTrusted = (address: string): boolean => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (request) => {
    const socket = plain(request.socket.remoteAddress ?? '')
    if (isIP(socket) === 0 || !isTrusted(socket)) return socket
    const told = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
    const addresses = told.map((it) => plain(it.trim())).filter((it) => isIP(it) !== 0)
    return addresses.findLast((it) => !isTrusted(it)) ?? socket
  }
}

function add(list: BlockList, given: string): void {
  const [address = '', bits] = given.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
}

/** ::ffff:192.0.2.1 is 192.0.2.1. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
