import { expect, test } from 'vitest'
import { isHomeAddress } from './index.ts'

test.each([
  'https://login.example.org',
  'https://login.example.org/desk',
  'http://localhost:8080/desk',
  'http://127.0.0.1:8080',
  'http://[::1]:80',
])('%s is an address to live at', (it) => expect(isHomeAddress(it)).toBe(true))

test.each([
  'http://login.example.org',
  'http://localhost.example.org',
  'https://*.example.org',
  'https://a:b@example.org',
  'https://example.org/#x',
  'https://example.org\\@evil.example',
  'ftp://example.org',
  'example.org',
])('%s is none', (it) => expect(isHomeAddress(it)).toBe(false))
