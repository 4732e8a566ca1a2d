/* A town whose networks pause soon, and where checking a password takes no time: how many are checked is what counts. */
import { makePasswords } from '../../src/factors/index.ts'
import { systemRandom as random } from '../../src/random.ts'
import { type Storage, sweepSome } from '../../src/storage/index.ts'
import { openStory, type Person, type Town } from './story-house.ts'

export const wrongPassword = 'een ander lang wachtwoord'
/** The address that everybody shares. */
export const office = '198.51.100.9'
/** Wrong passwords from one network before it pauses. */
export const mostWrong = 20

export async function openCrowdedTown(storage: Storage): Promise<Town> {
  const passwords = await makePasswords(random)
  const verify = async (_: string | null, typed: string): Promise<boolean> => typed !== wrongPassword
  const asSlowAs = async (): Promise<void> => undefined
  const town = await openStory(storage, {
    passwords: { ...passwords, place: () => ({ ...passwords.place(), verify, asSlowAs }) },
    change: (it) => ({ ...it, limits: { ...it.limits, passwordFailuresPerNetwork: mostWrong } }),
  })
  await town.calm()
  town.clock.at += 7_200_000
  return town
}

/** Which kinds of count are still there a year later, when the sweep has come by. Only wrong codes in a row may be. */
export async function countsThatStay({ house, clock }: Town): Promise<string[]> {
  const { db } = house.storage
  while ((await sweepSome(db, clock.at + 365 * 86_400_000)).hasMore);
  const kinds = (await db.selectFrom('counter').select('key').execute()).map((it) => it.key.split(' ')[0] ?? '')
  return [...new Set(kinds)].filter((it) => it !== 'second-step')
}

export const nobody = (): Pick<Person, 'name'> => ({ name: `niemand${random.below(1e9)}` })
