/*
 * What the browser extension of the manual makes of a QR code: its rules, written anew from reading its source.
 *
 *   otpauth://TYPE/LABEL?secret=..&issuer=..     the label is cut at each colon; parameters are split at & and =
 */
export interface ExtensionEntry {
  readonly type: string
  readonly issuer: string
  readonly account: string
  readonly secret: string
  /** Undefined: 30 seconds. */
  readonly period?: number
}

export function readByExtension(text: string): ExtensionEntry {
  // Case counts, and it stands at the very beginning.
  if (!text.startsWith('otpauth://')) throw new Error('the extension shows this as text')
  const rest = text.split('otpauth://')[1] ?? ''
  const type = rest.slice(0, 4).toLowerCase()
  const [label = '', parameters = ''] = rest.slice(5).split('?')
  if (!label || !parameters) throw new Error('the extension cannot use this')
  const [issuer = '', account] = decodeURIComponent(label).split(':')
  const entry = {
    type,
    issuer: account === undefined ? '' : issuer,
    account: account ?? issuer,
    secret: '',
    period: undefined as number | undefined,
  }
  for (const parameter of parameters.split('&')) {
    const [name = '', value = ''] = parameter.split('=')
    if (name.toLowerCase() === 'secret') entry.secret = value
    if (name.toLowerCase() === 'issuer') entry.issuer = decodeURIComponent(value)
    if (name.toLowerCase() === 'period') entry.period = Number(value)
  }
  if (!/^[2-7a-z]+=*$/i.test(entry.secret)) throw new Error('the extension cannot use this secret')
  // Letters of base 16 alone would be taken for base 16.
  if (/^[0-9a-f]+$/i.test(entry.secret) && !/^[2-7a-z]+=*$/i.test(entry.secret)) entry.type = 'hex'
  const { period, ...kept } = entry
  return period !== undefined && period > 0 && period <= 60 && 60 % period === 0 ? { ...kept, period } : kept
}
