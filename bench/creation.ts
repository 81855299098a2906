import { monotonicMs } from '../src/sandbox/probe/first-answer.ts'
import { startProbe } from './client.ts'
import type { BenchCluster } from './cluster.ts'
import { figuresOf, heading, inMs, row } from './figures.ts'

/** From the moment a Service is sent to the API server to its address, and to the first HTTP answer at it. */
export async function benchCreation(cluster: BenchCluster, tries: number): Promise<void> {
  heading(`A new Service, ${tries} one after the other`)
  const probe = startProbe(cluster.sandbox.client.exec, 'first-answer')
  const address: number[] = []
  const answer: number[] = []
  for (let at = 0; at < tries; at++) {
    const name = `new-${at}`
    const given = addressGiven(cluster, name)
    const startMs = monotonicMs()
    await cluster.addService(name, 'Cluster')
    const { ip, atMs } = await given
    probe.child.stdin?.write(`${ip}\n`)
    const first = JSON.parse(await probe.nextLine()) as { atMs: number }
    address.push(atMs - startMs)
    answer.push(first.atMs - startMs)
    await cluster.removeService(name)
  }
  probe.child.stdin?.end()
  row('', 'median', 'p99', 'max')
  print('created to address in status', address)
  print('created to first HTTP answer', answer)
}

function print(name: string, values: readonly number[]): void {
  const { median, p99, max } = figuresOf(values)
  row(name, inMs(median), inMs(p99), inMs(max))
}

/** Watches the Service as a user with `kubectl get -w` would. */
async function addressGiven(cluster: BenchCluster, name: string): Promise<{ ip: string; atMs: number }> {
  const stop = new AbortController()
  const query = { fieldSelector: `metadata.name=${name}` }
  const chunks = await cluster.api.watch(
    '/api/v1/namespaces/default/services',
    { watch: true, ...query },
    stop.signal,
  )
  let text = ''
  for await (const chunk of chunks) {
    text += chunk.toString()
    const ip = /"ingress":\[\{"ip":"([0-9.]+)"/.exec(text)?.[1]
    if (ip === undefined) continue
    const atMs = monotonicMs()
    stop.abort()
    return { ip, atMs }
  }
  throw new Error(`the watch of Service ${name} ended without an address`)
}
