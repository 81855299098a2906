import { execOn, ip, type Host } from '../../support/namespaces.ts'

/** What the host's kernel knows of a neighbour, such as `lladdr 02:00:00:00:00:02 STALE`; empty for nothing. */
export function neighbourOf(host: Host, text: string): string {
  const line = ip('-n', host.namespace, 'neigh', 'show', text, 'dev', 'eth0').trim()
  return line.slice(text.length).trim()
}

/** Makes the kernel believe that the neighbour is there, in this state. */
export function setNeighbour(host: Host, text: string, mac: string, state: string): void {
  ip('-n', host.namespace, 'neigh', 'replace', text, 'lladdr', mac, 'nud', state, 'dev', 'eth0')
}

/** Sends a packet through the kernel, so that it has to find the neighbour; whether that came about is not asked. */
export function knock(host: Host, text: string): void {
  execOn(host, ['bash', '-c', `echo > /dev/udp/${text}/9`])
}
