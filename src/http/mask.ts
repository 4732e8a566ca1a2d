/** d…@voorbeeld.be: enough to know one's own address, too little to learn another's. */
export const maskedMail = (address: string): string => `${address.slice(0, 1)}…${address.slice(address.lastIndexOf('@'))}`

/** The last two digits of a number. */
export const lastTwo = (number: string): string => number.slice(-2)
