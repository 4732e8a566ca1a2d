import { Fault } from '../errors.ts'
import { addMessageEvent, noteReceipt } from '../storage/index.ts'
import { carrier } from './carry.ts'
import type { DeliveryHouse } from './house.ts'
import { type Lane, openLane, type Pace } from './lane.ts'
import { renderMail, renderSms, type Sms, textProblems } from './messages/render.ts'
import type { Sender } from './outcome.ts'
import type { Receipt } from './receipt.ts'
import { openSmpp, smppPatience, smppWindow } from './smpp.ts'
import type { SmppPatience, TextCentre } from './smpp-session.ts'
import { type MailServer, openSmtp, type SmtpPatience, smtpAtOnce, smtpPatience } from './smtp.ts'

export interface DeliveryConfig {
  readonly smtp: MailServer
  /** Left out: portals with text messages let them wait, and say so. */
  readonly smpp?: TextCentre | undefined
  /** Other times than the usual ones. */
  readonly pace?: Partial<Pace>
  readonly patience?: { readonly smtp?: Partial<SmtpPatience>; readonly smpp?: Partial<SmppPatience> }
}

export interface Delivery {
  /** Something new is in the outbox: it is sent at once. */
  wake(): void
  /** Takes nothing new, finishes what is in flight, and hangs up on what takes too long. */
  close(): Promise<void>
}

const usualPace = { leaseSeconds: 20, retrySeconds: [10, 30, 60], lookSeconds: 1 } as const
const closeMilliseconds = 10_000

/** @throws Fault 'config-refused' for a server that must not be used in the clear, or a name that fits no text message. */
export function startDelivery(house: DeliveryHouse, config: DeliveryConfig): Delivery {
  const problems = textProblems(house.portals.values(), house.clock.now())
  if (problems.length > 0) throw new Fault('config-refused', problems.join('\n'))
  const paceOf = (atOnce: number, perDomain: number): Pace => ({ ...usualPace, ...config.pace, atOnce, perDomain })

  const receipts = keepReceipts(house)
  const lanes: { mails?: Lane; texts?: Lane } = {}
  const smtp = openSmtp(config.smtp, { ...smtpPatience, ...config.patience?.smtp })
  const smpp = config.smpp
    ? openSmpp(config.smpp, { bound: () => lanes.texts?.hasten(), receipt: receipts.keep }, house, {
        ...smppPatience,
        ...config.patience?.smpp,
      })
    : noCentre
  const [mailPace, textPace] = [paceOf(smtpAtOnce, 2), paceOf(smppWindow, smppWindow)]
  const carryMail = carrier(house, 'email', mailPace, renderMail, smtp, () => lanes.mails?.hasten())
  const carryText = carrier(house, 'sms', textPace, renderSms, smpp, () => lanes.texts?.hasten())
  const mails = openLane(house, 'email', mailPace, carryMail)
  const texts = openLane(house, 'sms', textPace, carryText)
  Object.assign(lanes, { mails, texts })
  // What waited for a server when the last process ended does not wait for that one's next try.
  for (const lane of [mails, texts]) lane.hasten()

  return {
    wake: () => {
      mails.wake()
      texts.wake()
    },
    close: async () => {
      const done = Promise.all([mails.finish(), texts.finish()])
      const isDone = await withinTime(done, closeMilliseconds)
      await Promise.all([smtp.close(!isDone), smpp.close(!isDone)])
      await done
      receipts.close()
    },
  }
}

const noCentre: Sender<Sms> = {
  send: async () => ({ outcome: 'no-connection', code: 'no-centre', reason: 'sluis.yaml names no SMS centre (smpp)', isUnclear: false }),
  close: async () => undefined,
}

async function withinTime(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), milliseconds)
  void work.then(() => resolve(true))
  const isDone = await promise
  clearTimeout(timer)
  return isDone
}

/** A receipt may overtake the note that the centre took the message, here or in another process: it is looked at again. */
const lookAgainMilliseconds = [1_000, 5_000]
const mostWaiting = 1_000

/** Moves the message that a receipt names. A receipt is never a proof of anything; one that names no message of ours is forgotten. */
function keepReceipts({ storage, clock, random, log }: DeliveryHouse): { keep(receipt: Receipt): Promise<void>; close(): void } {
  const waiting = new Set<NodeJS.Timeout>()
  const noted = ({ providerId, state, code }: Receipt): Promise<boolean> =>
    storage.inTransaction(async (tx) => {
      const message_id = await noteReceipt(tx, providerId, state)
      if (message_id === undefined) return false
      await addMessageEvent(tx, { id: random.id(), message_id, at: clock.now(), state, code, said: null, next_at: null })
      return true
    })
  const look = async (receipt: Receipt, [next, ...later]: readonly number[]): Promise<void> => {
    if (await noted(receipt)) return
    if (next === undefined || waiting.size >= mostWaiting) return log.warn('a receipt for a message that waits for none was ignored')
    const timer = setTimeout(() => {
      waiting.delete(timer)
      look(receipt, later).catch((error: Error) => log.error({ error: error.message }, 'a receipt could not be kept'))
    }, next)
    waiting.add(timer)
  }
  return {
    keep: (receipt) => look(receipt, lookAgainMilliseconds),
    close: () => {
      for (const timer of waiting) clearTimeout(timer)
    },
  }
}
