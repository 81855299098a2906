import { connect } from 'node:net'

/** Long for a connection within one host; a packet that went astray is not waited for. */
const patienceMs = 15

/** Whether a TCP connection comes about at once; it is closed again without a word. */
export function connects(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address)
    const end = (isConnected: boolean) => () => {
      socket.destroy()
      resolve(isConnected)
    }
    socket.setTimeout(patienceMs, end(false))
    socket.once('connect', end(true))
    socket.once('error', end(false))
  })
}
