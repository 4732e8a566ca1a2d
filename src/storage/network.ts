import { isIP } from 'node:net'

/**
 * What is counted together when addresses are counted, the nearest first: an IPv4 address; of IPv6 the /64 that one subscriber has
 * and walks for nothing, and the /48 around it. ::ffff:192.0.2.1 is 192.0.2.1, however it is written. What is no address is one group.
 */
export function networksOf(address: string): readonly [nearest: string, ...wider: string[]] {
  const plain = address.split('%')[0] ?? ''
  if (isIP(plain) === 4) return [plain]
  const parts = isIP(plain) === 6 ? partsOf(plain) : undefined
  if (!parts) return ['unknown']
  const mapped = mappedIn(parts)
  if (mapped !== undefined) return [mapped]
  const group = (bits: 48 | 64): string =>
    `${parts
      .slice(0, bits / 16)
      .map((it) => it.toString(16))
      .join(':')}::/${bits}`
  return [group(64), group(48)]
}

/** The same address in the one spelling that is compared and written down. */
export function plainAddress(address: string): string {
  if (isIP(address) !== 6) return address
  return mappedIn(partsOf(address)) ?? address
}

/** The eight numbers of an IPv6 address that node:net took for one. */
function partsOf(address: string): number[] {
  const [before = '', after] = (address.split('%')[0] ?? '').split('::')
  const head = numbersIn(before)
  const tail = after === undefined ? [] : numbersIn(after)
  return [...head, ...Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0), ...tail]
}

function numbersIn(text: string): number[] {
  return text
    .split(':')
    .filter(Boolean)
    .flatMap((it) => {
      if (!it.includes('.')) return [Number.parseInt(it, 16)]
      const [a = 0, b = 0, c = 0, d = 0] = it.split('.').map(Number)
      return [a * 256 + b, c * 256 + d]
    })
}

function mappedIn(parts: readonly number[]): string | undefined {
  const [high = 0, low = 0] = parts.slice(6)
  const isMapped = parts.slice(0, 5).every((it) => it === 0) && parts[5] === 0xffff
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : undefined
}
