/* A town whose networks pause soon, and where checking a password takes no time: how many are checked is what counts. */
import { makePasswords } from '../../src/factors/index.ts'
import { systemRandom as random } from '../../src/random.ts'
import type { Storage } from '../../src/storage/index.ts'
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

export const nobody = (): Pick<Person, 'name'> => ({ name: `niemand${random.below(1e9)}` })
