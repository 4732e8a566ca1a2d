import { channel } from 'node:diagnostics_channel'

/** What an event adds to the figures: names of closed lists and portals of the configuration, nothing of a request. */
export interface Figure {
  readonly event: string
  readonly portal: string
  readonly reason?: string
  /** It happened and was not written down: too many of its kind. */
  readonly isLeftOut?: true
}

const told = channel('sluis.event')

/** Who wants the figures listens; when nobody does, nothing is done. */
export const figures = {
  publish: (figure: Figure): void => told.publish(figure),
  listen: (hear: (figure: Figure) => void): (() => void) => {
    const listener = (figure: unknown): void => hear(figure as Figure)
    told.subscribe(listener)
    return () => void told.unsubscribe(listener)
  },
}
