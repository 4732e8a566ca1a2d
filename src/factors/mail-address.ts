export type MailAddress = { readonly address: string } | { readonly refused: 'email.empty' | 'email.format' }

const longest = 254
const local = /^[\p{L}\p{Nd}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{Nd}!#$%&'*+/=?^_`{|}~-]+)*$/u
const label = /^[\p{L}\p{Nd}](?:[\p{L}\p{Nd}-]{0,61}[\p{L}\p{Nd}])?$/u

/**
 * One plain address as people have them (RFC 5321, section 4.1.2, without quoted parts, comments and address literals), its domain
 * in lower case. Everything else is refused, so that no text can become a second recipient or a header.
 */
export function readMailAddress(typed: string): MailAddress {
  const text = typed.trim().normalize('NFC')
  if (text === '') return { refused: 'email.empty' }
  const at = text.lastIndexOf('@')
  const [before, domain] = [text.slice(0, at), text.slice(at + 1).toLowerCase()]
  const labels = domain.split('.')
  const isPlain =
    at > 0 &&
    text.length <= longest &&
    before.length <= 64 &&
    local.test(before) &&
    labels.length > 1 &&
    labels.every((it) => label.test(it))
  return isPlain ? { address: `${before}@${domain}` } : { refused: 'email.format' }
}
