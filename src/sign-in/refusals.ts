import { equalInConstantTime, type House } from '../factors/index.ts'
import { type AttemptRow, codesOf, digitsOf, type Tx, takeBackTry } from '../storage/index.ts'
import type { Asked, Refusal } from './answer.ts'
import { secondStepKey } from './limits.ts'
import type { Said } from './said.ts'
import type { Situation } from './situation.ts'

/**
 * The sentence for a refused code. Before it knows the browser the page says no more than that the code is not right; in a browser
 * that is known for the account, and for codes of this very sign-in, it says what happened.
 */
export async function explainRefusal(
  tx: Tx,
  house: House,
  situation: Situation,
  step: Asked,
  refusal: Refusal,
  digits: string,
): Promise<Said> {
  if (step.step === 'enrol') {
    if (refusal.why === 'clock') return { said: 'code.clock', status: 422, minutes: refusal.minutes, direction: refusal.direction }
    return { said: (await isSentCode(tx, house, situation, digits)) ? 'code.otherKind' : 'code.wrongEnrol', status: 422 }
  }
  if (step.method === 'totp') {
    if (await isSentCode(tx, house, situation, digits)) return { said: 'code.otherKind', status: 422 }
    const known = situation.view?.knownBrowser === true
    if (known && refusal.why === 'used') return { said: 'code.usedApp', status: 422 }
    if (known && refusal.why === 'previous') return { said: 'code.previousApp', status: 422 }
    return { said: 'code.wrongApp', status: 422 }
  }
  if (refusal.why === 'used') return { said: 'code.usedSent', status: 422 }
  const [newest] = await codesOf(tx, (situation.attempt as AttemptRow).id, step.purpose)
  return {
    said: step.method === 'email' ? 'code.wrongMail' : 'code.wrongSms',
    status: 422,
    ...(newest ? { reference: newest.reference } : {}),
  }
}

/** The person typed a code of this sign-in that came by mail or SMS where the app's code is asked. */
async function isSentCode(tx: Tx, house: House, { attempt }: Situation, digits: string): Promise<boolean> {
  const own = attempt ? [...(await codesOf(tx, attempt.id, 'gate')), ...(await codesOf(tx, attempt.id, 'sign-in'))] : []
  return own.some((it) => equalInConstantTime(digitsOf(house.vault, it.id), digits))
}

/** A code that this sign-in sent and that is over is no guess: its try is given back. */
export async function excuse(tx: Tx, { account, now }: Situation): Promise<void> {
  if (account) await takeBackTry(tx, secondStepKey(account.id), now)
}
