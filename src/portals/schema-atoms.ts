import { z } from 'zod'

/** A file is read once: compiling a reader for it would take longer than reading. */
z.config({ jitless: true })

/** A text of a portal file. */
export const text = z.string().min(1).max(500)

/** What a key tells an operator, and values that the manual shows and editors offer. */
export const tells = (description: string, ...examples: unknown[]): { description: string; examples?: unknown[] } =>
  examples.length > 0 ? { description, examples } : { description }

/** A link is for a browser: no other scheme than http and https. */
export const webAddress = z.url({ protocol: /^https?$/ })
