import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { plainAddress } from '../storage/index.ts'

export type ClientAddress = (request: IncomingMessage) => string

/**
 * Who is at the other end: the socket, or what a named proxy says. X-Forwarded-For is read from the right, past the named proxies, and
 * only when the socket itself is one of them; what stands left of the first stranger, or of what is no address, was written by somebody
 * we do not know. No other header is ever read for it. `unnamed` hears, once each, of neighbours that forward for others and are not
 * named: everybody behind them is one network.
 */
export function clientAddressBy(trustedProxies: readonly string[], unnamed: (proxy: string) => void = () => undefined): ClientAddress {
  const trusted = new BlockList()
  for (const it of trustedProxies) add(trusted, it)
  const neighbours = new BlockList()
  for (const it of ownNetworks) add(neighbours, it)
  const heardOf = new Set<string>()
  const hearOf = (socket: string): void => {
    if (heardOf.size >= mostHeardOf || heardOf.has(socket) || !neighbours.check(socket, isIP(socket) === 6 ? 'ipv6' : 'ipv4')) return
    heardOf.add(socket)
    unnamed(socket)
  }
  const isTrusted = (address: string): boolean => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (request) => {
    const socket = plainAddress(request.socket.remoteAddress ?? '')
    if (isIP(socket) === 0) return socket
    if (!isTrusted(socket)) {
      if (request.headers['x-forwarded-for'] !== undefined) hearOf(socket)
      return socket
    }
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

/** This machine and private networks (RFC 1918, RFC 4193): where one's own proxy stands. */
const ownNetworks = ['127.0.0.0/8', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
const mostHeardOf = 20

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
