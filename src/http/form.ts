import { bounds } from './bounds.ts'

/** What a form brought: each declared field at most once. */
export type FormFields = ReadonlyMap<string, string>
export type ReadForm = { readonly fields: FormFields } | { readonly malformed: 'encoding' | 'duplicate' | 'undeclared' }

/**
 * Reads application/x-www-form-urlencoded strictly: bytes must be UTF-8, a field comes once, and only fields that the form
 * declares. Kept in a map, so that no name can reach a prototype.
 */
export function readForm(body: string, declared: readonly string[]): ReadForm {
  const fields = new Map<string, string>()
  const pairs = body === '' ? [] : body.split('&')
  if (pairs.length > bounds.formFields) return { malformed: 'undeclared' }
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const name = decoded(at < 0 ? pair : pair.slice(0, at))
    const value = decoded(at < 0 ? '' : pair.slice(at + 1))
    if (name === undefined || value === undefined) return { malformed: 'encoding' }
    if (!declared.includes(name)) return { malformed: 'undeclared' }
    if (fields.has(name)) return { malformed: 'duplicate' }
    fields.set(name, value)
  }
  return { fields }
}

/** decodeURIComponent refuses bad percent-encoding and bad UTF-8 alike. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
