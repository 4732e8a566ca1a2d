export type MailAddress = { readonly address: string } | { readonly refused: 'email.empty' | 'email.format' }

const longest = 254
const local = /^[\p{Script=Latin}0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{Script=Latin}0-9!#$%&'*+/=?^_`{|}~-]+)*$/u
const label = /^[\p{Script=Latin}0-9](?:[\p{Script=Latin}0-9-]{0,61}[\p{Script=Latin}0-9])?$/u

/**
 * One plain address as people have them (RFC 5321, section 4.1.2, without quoted parts, comments and address literals), its domain
 * in lower case. Everything else is refused, so that no text can become a second recipient or a header; so are letters of other
 * scripts and those that a mail server folds to others (full-width, ligatures): one address, read alike by everybody.
 */
export function readMailAddress(typed: string): MailAddress {
  const text = typed.trim().normalize('NFC')
  if (text === '') return { refused: 'email.empty' }
  const at = text.lastIndexOf('@')
  const [before, domain] = [text.slice(0, at), text.slice(at + 1).toLowerCase()]
  const labels = domain.split('.')
  const isPlain =
    at > 0 &&
    text === text.normalize('NFKC') &&
    text.length <= longest &&
    before.length <= 64 &&
    local.test(before) &&
    labels.length > 1 &&
    /\p{L}/u.test(labels.at(-1) ?? '') &&
    labels.every((it) => label.test(it))
  return isPlain ? { address: `${before}@${domain}` } : { refused: 'email.format' }
}
