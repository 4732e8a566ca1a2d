import { mkdtempSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { clientAddressBy } from './client-address.ts'

const asked = (remoteAddress: string, headers: Record<string, string | string[]> = {}): IncomingMessage =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage
const forged = {
  'x-forwarded-for': Array.from({ length: 1_000 }, (_, it) => `1.2.3.${it % 250}`).join(', '),
  forwarded: 'for=1.2.3.4',
  'x-real-ip': '1.2.3.4',
  'cf-connecting-ip': '1.2.3.4',
  'true-client-ip': '1.2.3.4',
}

test('T032 without a named proxy the socket alone counts, whatever a thousand headers say', () => {
  const addressOf = clientAddressBy([])
  expect(addressOf(asked('198.51.100.9', forged))).toBe('198.51.100.9')
  expect(addressOf(asked('::ffff:127.0.0.1', forged))).toBe('127.0.0.1')
  expect(clientAddressBy(['10.0.0.1'])(asked('10.0.0.2', forged))).toBe('10.0.0.2')
})

test('T032 the value of the named proxy counts, read from the right; what was written before it does not', () => {
  const addressOf = clientAddressBy(['10.0.0.0/24', '2001:db8:ffff::1'])
  const through = (told: string | string[]): string => addressOf(asked('::ffff:a00:1', { ...forged, 'x-forwarded-for': told }))
  expect(through('1.2.3.4, 198.51.100.9')).toBe('198.51.100.9')
  expect(through(['1.2.3.4', '198.51.100.9'])).toBe('198.51.100.9')
  expect(through('1.2.3.4, 198.51.100.9, 10.0.0.7')).toBe('198.51.100.9')
  expect(through('1.2.3.4, ::ffff:c633:6409')).toBe('198.51.100.9')
  expect(through('1.2.3.4, 198.51.100.9:5123')).toBe('198.51.100.9')
  expect(through('1.2.3.4, [2001:db8::9]:5123')).toBe('2001:db8::9')
  expect(through('10.0.0.9')).toBe('10.0.0.9')
})

test('a proxy of our own that nobody named is told of once; a stranger who writes the header is not', () => {
  const told: string[] = []
  const addressOf = clientAddressBy(['10.0.0.1'], (it) => told.push(it))
  for (const socket of ['127.0.0.1', '10.0.0.2', '::1', '10.0.0.1', '198.51.100.9', '127.0.0.1']) addressOf(asked(socket, forged))
  addressOf(asked('192.168.0.1'))
  expect(told).toEqual(['127.0.0.1', '10.0.0.2', '::1'])
})

test('T032 what is no address ends the reading: nothing left of it is believed', () => {
  const addressOf = clientAddressBy(['10.0.0.1'])
  for (const told of ['1.2.3.4, unknown', '1.2.3.4, _hidden', '1.2.3.4, ', '1.2.3.4, 999.1.1.1', '1.2.3.4, for=5.6.7.8'])
    expect(addressOf(asked('10.0.0.1', { 'x-forwarded-for': told })), told).toBe('10.0.0.1')
})

test('T032 a configuration that believes everybody is refused, in one sentence that says what is allowed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluis-config-'))
  const readWith = (proxies: string) => {
    const file = join(folder, 'sluis.yaml')
    const rest = 'database: a.db\nmasterKey: { file: key }\nportals: portals\naddress: http://localhost:1\nsmtp: { host: localhost }\n'
    writeFileSync(file, `${rest}trustedProxies: ${proxies}\n`)
    return readConfig(file, {})
  }
  const everybody = [
    '0.0.0.0/0',
    '"::/0"',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '"::ffff:0:0/96"',
    '"::ffff:0.0.0.0/96"',
    '"*"',
    'proxy.example.org',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '""',
  ]
  for (const it of everybody) {
    const read = readWith(`[127.0.0.1, ${it}]`)
    expect(read, it).toMatchObject([{ key: 'trustedProxies.1', allowed: expect.stringContaining('never everybody') }])
  }
  for (const it of ['[127.0.0.1, "::1"]', '[10.0.0.0/8, 192.168.1.0/24, "fc00::/7", "2001:db8::/48"]', '[]'])
    expect(Array.isArray(readWith(it)), it).toBe(false)
})
