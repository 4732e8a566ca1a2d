import fc from 'fast-check'
import { expect, test } from 'vitest'
import { networksOf, plainAddress } from './index.ts'

test('T032 an IPv4 address is one group, also when it comes dressed as IPv6', () => {
  for (const it of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:ffff:c000:0201']) {
    expect(networksOf(it), it).toEqual(['192.0.2.1'])
    expect(plainAddress(it), it).toBe('192.0.2.1')
  }
})

test('T032 IPv6 is counted by its /64 and its /48: walking one subnet leaves the group never', () => {
  expect(networksOf('2001:db8:1:2:3:4:5:6')).toEqual(['2001:db8:1:2::/64', '2001:db8:1::/48'])
  expect(networksOf('2001:db8::1')).toEqual(['2001:db8:0:0::/64', '2001:db8:0::/48'])
  expect(networksOf('fe80::1%eth0')).toEqual(['fe80:0:0:0::/64', 'fe80:0:0::/48'])
  const part = fc.integer({ min: 0, max: 0xffff })
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      const own = [a, b, c, d].map((it) => it.toString(16)).join(':')
      expect(networksOf(`2001:db8:aa:bb:${own}`)).toEqual(networksOf('2001:0DB8:00aa:bb::'))
    }),
  )
})

test('T032 what is no address belongs to one group, whatever it says', () => {
  for (const it of ['', 'unknown', '1.2.3.4.5', '1.2.3.4:80', ':::', '_hidden', '192.0.2.1, 192.0.2.2'])
    expect(networksOf(it), it).toEqual(['unknown'])
})
