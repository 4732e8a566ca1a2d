import { request as plainly } from 'node:http'
import { request as securely } from 'node:https'

/** An application has this long for the whole of its answer (Back-Channel Logout 1.0 leaves it to us). */
const patienceMilliseconds = 5_000

/** What became of one call: undefined when the application took it, else why not, as a short code. */
export type NotTold = 'timeout' | 'no-connection' | `http-${number}`

/**
 * Posts a logout token to an address of the portal file (Back-Channel Logout 1.0, section 2.5). Goes where the file says and nowhere
 * else: a redirect is an answer like any other, and its body is never read.
 */
export function tellClient(address: string, token: string): Promise<NotTold | undefined> {
  const body = new URLSearchParams({ logout_token: token }).toString()
  const call = new URL(address).protocol === 'https:' ? securely : plainly
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(patienceMilliseconds)
    const asking = call(address, { method: 'POST', headers, agent: false, signal }, (answer) => {
      const { statusCode: status = 0 } = answer
      answer.destroy()
      resolve(status === 200 || status === 204 ? undefined : `http-${status}`)
    })
    asking.once('error', () => resolve(signal.aborted ? 'timeout' : 'no-connection'))
    asking.end(body)
  })
}
