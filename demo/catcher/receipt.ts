/** A delivery receipt that a sender asked for. */
export interface Receipt {
  smppId: string
  systemId: string
  /** Sender and receiver of the message itself; the receipt goes the other way. */
  from: string
  to: string
  isDelivered: boolean
  submittedAt: number
}

/** The receipt as deliver_sm: the text of SMPP 3.4 appendix B, and the same in the two fields made for it. Nothing of the message's own text. */
export function receiptPdu(receipt: Receipt, now: number): object {
  const { smppId, isDelivered } = receipt
  const text = [
    `id:${smppId}`,
    'sub:001',
    `dlvrd:00${isDelivered ? 1 : 0}`,
    `submit date:${minuteOf(receipt.submittedAt)}`,
    `done date:${minuteOf(now)}`,
    `stat:${isDelivered ? 'DELIVRD' : 'UNDELIV'}`,
    `err:00${isDelivered ? 0 : 1}`,
    'text:',
  ].join(' ')
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: receipt.to,
    // An alphanumeric sender comes back as what it was: TON 5, NPI 0.
    dest_addr_ton: /^\+?\d+$/.test(receipt.from) ? 1 : 5,
    dest_addr_npi: 0,
    destination_addr: receipt.from,
    esm_class: 0x04,
    short_message: text,
    receipted_message_id: smppId,
    message_state: isDelivered ? 2 : 5,
  }
}

/** YYMMDDhhmm, in UTC. */
const minuteOf = (moment: number) => new Date(moment).toISOString().replace(/\D/g, '').slice(2, 12)
