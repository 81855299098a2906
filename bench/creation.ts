import type { Api } from '../src/platform/kubernetes/api.ts'
import { monotonicMs } from '../src/sandbox/probe/first-answer.ts'
import { startProbe, type Probe } from './client.ts'
import { servicesPath, type BenchCluster } from './cluster.ts'
import { figuresOf, heading, inMs, row } from './figures.ts'
import { quiet } from './move.ts'
import { Programmed } from './programmed.ts'

/** kube-proxy programs at most once in a second: what it did for the Service before must not delay this one. */
const apartMs = 1_500

/**
 * From the moment a Service is sent to the API server to its address, and to the first HTTP answer at it. Beside it what
 * one write costs there: a PATCH of the status of a Service that nobody works on, sent and answered.
 */
export async function benchCreation(cluster: BenchCluster, tries: number): Promise<void> {
  const { api, playground } = cluster
  const pauseMs = playground.ground === 'cluster' ? apartMs : 0
  heading(`A new Service, ${tries} one after the other${pauseMs > 0 ? `, ${pauseMs / 1000} s apart` : ''}`)
  const probe = startProbe(playground.client.exec, 'first-answer')
  const patches = await yardstick(api)
  await using programmed = await Programmed.on(playground, cluster.network)
  const times = {
    patch: [] as number[],
    address: [] as number[],
    answer: [] as number[],
    again: [] as number[],
  }
  const behind: number[] = []
  const ready: number[] = []
  for (let at = 0; at < tries; at++) {
    const name = `new-${at}`
    times.patch.push(await patches(at))
    const given = await watchAddress(api, name)
    programmed.clear()
    const startMs = monotonicMs()
    await cluster.addService(name, 'Cluster')
    const { ip, atMs } = await given()
    const first = await answerAt(probe, ip)
    times.address.push(atMs - startMs)
    times.answer.push(first - startMs)
    const againMs = monotonicMs()
    times.again.push((await answerAt(probe, ip)) - againMs)
    const readyMs = programmed.momentOf(await cluster.onlyAnnouncerOf(ip), ip)
    if (readyMs !== undefined) {
      ready.push(readyMs - startMs)
      behind.push(first - readyMs)
    }
    await cluster.removeService(name)
    await quiet(pauseMs)
  }
  probe.child.stdin?.end()
  row('', 'median', 'p99', 'max')
  print('one PATCH, sent and answered', times.patch)
  print('created to address in status', times.address)
  print('created to first HTTP answer', times.answer)
  print(`created to programmed, ${ready.length} seen`, ready)
  print('programmed to first HTTP answer', behind)
  print('one HTTP answer of a programmed address', times.again)
  heading(`Programmed: by ${programmed.who}, on the node that announces the address`)
}

/** When the address first answers HTTP, on the machine's monotonic clock. */
async function answerAt(probe: Probe<unknown>, ip: string): Promise<number> {
  probe.child.stdin?.write(`${ip}\n`)
  const { atMs } = JSON.parse(await probe.nextLine()) as { atMs: number }
  return atMs
}

function print(name: string, values: readonly number[]): void {
  const { median, p99, max } = figuresOf(values)
  row(name, inMs(median), inMs(p99), inMs(max))
}

/** A Service without an address to give, and a function that changes its status and answers how long that took. */
async function yardstick(api: Api): Promise<(turn: number) => Promise<number>> {
  const name = 'yardstick'
  await api.request('POST', servicesPath, {
    body: { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }] } },
  })
  return async (turn) => {
    const condition = { type: 'bench.example.com/Turn', status: 'True', reason: 'Turn', message: `${turn}` }
    const lastTransitionTime = new Date(turn * 1000).toISOString()
    const startMs = monotonicMs()
    await api.request('PATCH', `${servicesPath}/${name}/status`, {
      body: { status: { conditions: [{ ...condition, lastTransitionTime }] } },
    })
    return monotonicMs() - startMs
  }
}

/** Watches the Service as a user with `kubectl get -w` would; answers once the watch is open. */
export async function watchAddress(
  api: Api,
  name: string,
): Promise<() => Promise<{ ip: string; atMs: number }>> {
  const stop = new AbortController()
  const query = { watch: true, fieldSelector: `metadata.name=${name}` }
  const chunks = await api.watch(servicesPath, query, stop.signal)
  return async () => {
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
}
