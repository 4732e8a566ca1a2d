import { absoluteSeconds } from '../sign-in/index.ts'

/** How long what the provider makes is good for, in seconds. */
export const lifeSeconds = {
  AuthorizationCode: 60,
  AccessToken: 600,
  IdToken: 600,
  /** As long as a session at most; it ends with the session. */
  RefreshToken: absoluteSeconds,
  /** Outlives every token that stands on it; without its grant a token is worth nothing (grants.ts). */
  Grant: 900,
  /** Longer than a sign-in may take, which begins after it. */
  Interaction: 7_200,
  /** Never stored; the provider wants a number. */
  Session: 60,
} as const
