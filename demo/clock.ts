/** The demo's clock: an argument everywhere, so that tests choose the moment. Milliseconds since 1970. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()
