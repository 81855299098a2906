import { inNamespace, spawnOn, type Host, type Lan } from '../../support/namespaces.ts'
import type { SmallApi } from '../../support/small-api.ts'
import { apiPort, clusterWithOneService, newDirectory, SpeakerProcess } from './speaker-process.ts'
import { Asker } from './wire-harness.ts'

type Open = <T extends Disposable | AsyncDisposable>(one: T) => T

/** A LAN with a client and two nodes that reach one API server, and how to start a speaker there. */
export interface TwoNodes {
  readonly lan: Lan
  readonly client: Host
  readonly api: SmallApi
  readonly one: Host
  readonly two: Host
  readonly start: (name: string, host: Host, path?: string, under?: readonly string[]) => SpeakerProcess
  readonly isReady: (speaker: SpeakerProcess) => Promise<boolean>
  readonly asker: Asker
}

export function openTwoNodes(open: Open, hosts: Pick<TwoNodes, 'lan' | 'client' | 'one' | 'two'>): TwoNodes {
  const { client, one, two } = hosts
  const api = open(clusterWithOneService())
  inNamespace(one, () => api.listen(apiPort))
  open(relayTo(one, two))
  const directory = open(newDirectory()).path
  return {
    ...hosts,
    api,
    start: (name, host, path = directory, under = []) =>
      open(new SpeakerProcess(name, host, path, { under })),
    isReady: async (speaker) => (await speaker.fetched('/readyz'))?.status === 200,
    asker: open(new Asker(client)),
  }
}

/** The other node reaches the API server, which listens on the first, by a port of its own. */
function relayTo(host: Host, from: Host): Disposable {
  const onward = `require('net').connect(${apiPort}, '${host.address}')`
  const server = `require('net').createServer((s) => s.pipe(${onward}.on('error', () => s.destroy())).pipe(s).on('error', () => 0))`
  const relay = spawnOn(from, ['node', '-e', `${server}.listen(${apiPort}, '127.0.0.1')`])
  return { [Symbol.dispose]: () => void relay.kill('SIGKILL') }
}
