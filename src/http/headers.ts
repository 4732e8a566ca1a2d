import type { ServerResponse } from 'node:http'

/** On every answer, also those of the protocol and of errors. */
const always = Object.entries({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  'cache-control': 'no-store',
})

/** `formActions`: origins that a form may end at after our own redirects (Chromium checks the whole chain). */
export function contentPolicy(formActions: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    ['form-action', "'self'", ...formActions].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const plainPolicy = contentPolicy()
const yearSeconds = 31_536_000

export function setSecurityHeaders(response: ServerResponse, isSecure: boolean): void {
  for (const [name, value] of always) response.setHeader(name, value)
  response.setHeader('content-security-policy', plainPolicy)
  if (isSecure) response.setHeader('strict-transport-security', `max-age=${yearSeconds}; includeSubDomains`)
}
