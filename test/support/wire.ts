/* A wire to another server that can be cut: `postgres://...@127.0.0.1:${wire.port}/...`. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** `whole`: everything goes through. `cut`: nobody is there. `silent`: connections are taken, and nothing comes back. */
type State = 'whole' | 'cut' | 'silent'

export interface Wire {
  readonly port: number
  /** Connections that stand are broken by it, but for silence: those hang. */
  is(state: State): void
  /** Of the next transaction that says these words, once: its commit arrives, and the answer does not. */
  loseCommitOf(words: string): void
  close(): Promise<void>
}

export async function openWire(there: { readonly host: string; readonly port: number }): Promise<Wire> {
  const open = new Set<Socket>()
  let state: State = 'whole'
  let words: string | undefined
  const server = createServer((here) => {
    if (state === 'cut') return void here.destroy()
    const far = connect(there.port, there.host)
    let [isMeant, isLost] = [false, false]
    for (const [one, other] of [
      [here, far],
      [far, here],
    ] as const) {
      open.add(one)
      one
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(one)
          other.destroy()
        })
    }
    here.on('data', (piece: Buffer) => {
      if (words !== undefined && piece.includes(words)) {
        words = undefined
        isMeant = true
      }
      if (isMeant && piece.includes('commit')) isLost = true
      far.write(piece)
    })
    far.on('data', (piece: Buffer) => {
      if (isLost) here.destroy()
      else if (state !== 'silent') here.write(piece)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const breakAll = (): void => {
    for (const it of open) it.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    is: (next) => {
      if (next !== 'silent') breakAll()
      state = next
    },
    loseCommitOf: (next) => {
      words = next
    },
    close: async () => {
      breakAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
