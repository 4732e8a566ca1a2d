/**
 * Whether people can be sent to this address: https, or http on this machine alone (where browsers hold it to be safe);
 * one host by its name, and nothing after the path.
 */
export function isHomeAddress(text: string): boolean {
  if (!URL.canParse(text) || /[?#\\\s]/.test(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username || password || hostname.includes('*')) return false
  return protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname))
}

/** The same with nothing but a host: a whole host is protected, never a part of one. */
export const isBareHomeAddress = (text: string): boolean => isHomeAddress(text) && new URL(text).origin === text

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
