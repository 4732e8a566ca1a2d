import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

/** Who is signed in at the application itself. In memory: a restart of the demo signs everybody out here, not at Sluis. */
export interface User {
  idToken: string
  accessToken: string
  claims: Record<string, unknown>
}

export interface Pending {
  nonce: string
  codeVerifier: string
  /** How old the sign-in may be, when that was asked. */
  maxAge?: number
  /** Where the person goes on afterwards. */
  next: string
}

export interface Session {
  /** Sign-ins under way, by state: two tabs may each have one. */
  pending: Map<string, Pending>
  user?: User
  /** The issuer said that the session there has ended. */
  endedElsewhere?: true
  endsAt: number
}

export interface Sessions {
  find(id: string | undefined): Session | undefined
  start(): { id: string; session: Session }
  end(id: string | undefined): void
  /** Nobody is signed in any more in the sessions of this user, or of this one session of theirs. */
  endOf(ended: { readonly sub: string | undefined; readonly sid: string | undefined }): void
}

const lifeSeconds = 8 * 60 * 60
const atMost = 5000

export function createSessions(clock: Clock): Sessions {
  const sessions = new Map<string, Session>()
  return {
    find(id) {
      const session = id === undefined ? undefined : sessions.get(id)
      return session && session.endsAt > clock() ? session : undefined
    },
    start() {
      const [oldest] = sessions.keys()
      if (sessions.size >= atMost && oldest !== undefined) sessions.delete(oldest)
      const id = randomBytes(24).toString('base64url')
      const session: Session = { pending: new Map(), endsAt: clock() + lifeSeconds * 1000 }
      sessions.set(id, session)
      return { id, session }
    },
    end: (id) => void (id !== undefined && sessions.delete(id)),
    endOf({ sub, sid }) {
      for (const session of sessions.values()) {
        const claims = session.user?.claims
        if (!claims || (sid === undefined ? claims.sub !== sub : claims.sid !== sid)) continue
        delete session.user
        session.endedElsewhere = true
      }
    },
  }
}
