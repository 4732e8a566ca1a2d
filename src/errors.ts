/**
 * Faults are ours to mend and are thrown; refusals are values. Every fault has a stable code, listed in docs/errors.md.
 * A person reads one calm sentence; code, message and cause go to the log.
 */
export class Fault extends Error {
  readonly code: FaultCode

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Fault'
    this.code = code
  }
}

/** Code -> what it means for the operator. docs/errors.md is made from this table. */
export const faultCodes = {
  'config-refused': 'The configuration or a portal file has problems; all of them are listed with key, given and allowed.',
  'port-in-use': 'Another program listens on the port. Stop it, or choose another port.',
  'database-unreadable': 'The database cannot be opened. Check the path, its owner and its mode, or the address of the server.',
  'database-down': 'The database did not answer in time. Sign-in answers 503 until it does.',
  'key-refused': 'The master key is missing, too short, readable by others, or not the one this database was made with.',
  'secret-unreadable': 'A stored secret does not open with this key in this row. Somebody changed the row, or the key is wrong.',
  'queue-full': 'More passwords wait for checking than the queue holds. People get a page that asks them to try again.',
  'asset-missing': 'A file that Sluis serves or reads at start is not there. Install the package again.',
  impossible: 'A state that the code believes cannot happen. The request ended, nothing was granted.',
} as const

export type FaultCode = keyof typeof faultCodes

/** For the end of a switch over a union: a new member breaks the build, not the evening. */
export function unreachable(value: never): never {
  throw new Fault('impossible', `no branch for ${JSON.stringify(value)}`)
}
