import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const cache = join(import.meta.dirname, '..', '..', '.cache')

/**
 * The folder of something made once and kept between runs. It appears under its name only when `make` is done:
 * of two runs that begin together one wins and both find it whole.
 */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const place = join(cache, name)
  if (existsSync(place)) return place
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, `${name}.draft-`))
  try {
    await make(draft)
    renameSync(draft, place)
  } catch (fault) {
    if (!existsSync(place)) throw fault
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return place
}
