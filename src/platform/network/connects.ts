import { connect } from 'node:net'

/** Long for a connection within one host; a packet that went astray is not waited for. */
const patienceMs = 15

/** What became of a try to connect: `refused` in so many words, or `silent` when nothing came of it in time. */
export type Connected = 'connected' | 'refused' | 'silent'

/** Whether a TCP connection comes about at once; it is closed again without a word. */
export function connects(address: string, port: number): Promise<Connected> {
  return new Promise((resolve) => {
    const socket = connect(port, address)
    const end = (outcome: Connected): void => {
      socket.destroy()
      resolve(outcome)
    }
    socket.setTimeout(patienceMs, () => end('silent'))
    socket.once('connect', () => end('connected'))
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      end(code === 'ECONNREFUSED' ? 'refused' : 'silent'),
    )
  })
}
