import { describe, expect, test } from 'vitest'
import { keyTimes } from './key-times.ts'

const day = 86_400_000
const key = (id: string, made: number, algorithm = 'RS256') => ({ id, algorithm, created_at: made * day })
const at = (days: number, ...keys: ReturnType<typeof key>[]) => {
  const { published, due, over } = keyTimes(keys, days * day)
  return { published: published.map((it) => it.id), due, over: over.map((it) => it.id) }
}

describe('the life of a signing key (T121)', () => {
  const [one, two] = [key('one', 0), key('two', 89)]

  test('the first signs at once; its successor is made a day before it is needed', () => {
    expect(at(0, one)).toEqual({ published: ['one'], due: [], over: [] })
    expect(at(88.9, one).due).toEqual([])
    expect(at(89, one).due).toEqual(['RS256'])
    expect(at(500, one)).toEqual({ published: ['one'], due: ['RS256'], over: [] })
  })

  test('the next is published for a day before it signs, and the old one for two days after', () => {
    expect(at(89, one, two)).toEqual({ published: ['one', 'two'], due: [], over: [] })
    expect(at(89.99, one, two).published[0]).toBe('one')
    expect(at(90, one, two)).toEqual({ published: ['two', 'one'], due: [], over: [] })
    expect(at(91.99, one, two).published).toEqual(['two', 'one'])
    expect(at(92, one, two)).toEqual({ published: ['two'], due: [], over: ['one'] })
    expect(at(179, one, two).due).toEqual(['RS256'])
  })

  test('each algorithm goes its own way; a server that was off for a year begins with the next key, not with none', () => {
    const edwards = key('edwards', 50, 'EdDSA')
    expect(at(89, one, edwards)).toEqual({ published: ['one', 'edwards'], due: ['RS256'], over: [] })
    expect(at(400, one, key('late', 400)).published).toEqual(['one', 'late'])
  })
})
