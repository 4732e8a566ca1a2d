import { browserSamples } from './browsers.samples.tsx'
import { codeSamples } from './code.samples.tsx'
import { enrolSamples } from './enrol.samples.tsx'
import { notMeSamples } from './not-me.samples.tsx'
import { profileSamples } from './profile.samples.tsx'
import { recoverySamples } from './recovery.samples.tsx'
import { signInSamples } from './sign-in.samples.tsx'
import type { Sample } from './stage.samples.tsx'
import { troubleSamples } from './trouble.samples.tsx'
import { withoutPhoneSamples } from './without-phone.samples.tsx'

/** Every page in its states, in the order of their numbers. */
export const samples: readonly Sample[] = [
  ...signInSamples,
  ...codeSamples,
  ...enrolSamples,
  ...notMeSamples,
  ...withoutPhoneSamples,
  ...profileSamples,
  ...troubleSamples,
  ...browserSamples,
  ...recoverySamples,
].toSorted((a, b) => Number(a.name.slice(1, 3)) - Number(b.name.slice(1, 3)))
