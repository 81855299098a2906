import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from '../ground.ts'
import { service } from '../manifests.ts'
import type { PodObject } from '../objects.ts'
import { Operator } from '../operator.ts'
import { UserShell } from './user-shell.ts'
import { walkPage } from './walk-page.ts'

interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

interface Answer {
  readonly status: string
  readonly data: { readonly result: readonly Sample[] }
}

const prometheus = '/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1'

describe('Prometheus', () => {
  let cluster: Cluster
  let operator: Operator
  let shell: UserShell

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    shell = new UserShell(cluster)
    await operator.settled()
  })
  afterAll(async () => {
    shell?.[Symbol.dispose]()
    await cluster?.close()
  })

  walkPage('monitoring.md', () => shell)

  const ask = async (query: string): Promise<readonly Sample[]> => {
    const target = `${prometheus}/query?query=${encodeURIComponent(query)}`
    const { status, data } = JSON.parse(await operator.kubectl('get', '--raw', target)) as Answer
    expect(status).toBe('success')
    return data.result
  }

  /** Waits until the query answers this number, the sum of all that it finds. */
  const becomes = (query: string, number: number): Promise<true> =>
    operator.eventually(`${query} is ${number}`, async () => {
      const samples = await ask(query)
      const sum = samples.reduce((total, { value }) => total + Number(value[1]), 0)
      return (samples.length > 0 && sum === number) || undefined
    })

  it('scrapes both controllers and every speaker, each at its own address', async () => {
    await becomes('count(up == 1)', 2 + cluster.nodes.length)
    const speakers = await ask('up{job="lanlord-speaker"} == 1')
    const instances = cluster.nodes.map(({ address }) => `${address}:7472`)
    expect(new Set(speakers.map(({ metric }) => metric['instance']))).toEqual(new Set(instances))
    await becomes('sum(lanlord_controller_leading)', 1)
    await becomes(`count(lanlord_peers >= ${cluster.nodes.length - 1})`, cluster.nodes.length)
  })

  it('knows how many addresses of the pool are used and free', async () => {
    await operator.apply(service('one'), service('two'))
    const addresses = await Promise.all(['one', 'two'].map((name) => operator.addressOf(name)))
    expect(addresses).toHaveLength(2)
    const usage = (state: string): string =>
      `lanlord_pool_addresses{pool="lan",family="IPv4",state="${state}"}`
    await becomes(usage('allocated'), 2)
    await becomes(usage('available'), 8)
    await becomes(usage('total'), 10)
    await becomes('lanlord_services{reason="Assigned"}', 2)
  })

  it('alerts when the pool is full, and says which', async () => {
    const rest = Array.from({ length: 9 }, (_, at) => service(`more-${at}`))
    await operator.apply(...rest)
    await becomes('ALERTS{alertname="LanlordPoolFull",alertstate="firing"}', 1)
    const [alert] = await ask('ALERTS{alertname="LanlordPoolFull"}')
    expect(alert?.metric).toMatchObject({ pool: 'lan', family: 'IPv4' })
    await becomes('lanlord_services{reason="PoolExhausted"}', 1)
    await becomes('ALERTS{alertname="LanlordServicesWait",reason="PoolExhausted"}', 1)
  })

  it('sees a node that is powered off, and sees it come back', async () => {
    const [prometheusPod] = await operator.list<PodObject>('pods', '--namespace=monitoring')
    const node = cluster.nodes.find(({ name }) => name !== prometheusPod?.spec.nodeName)
    const instance = `${node?.address}:7472`
    await cluster.powerOff(node?.name ?? '')
    await becomes(`up{instance="${instance}"}`, 0)
    await becomes('sum(up{job="lanlord-speaker"})', 2)
    await cluster.powerOn(node?.name ?? '')
    await becomes(`up{instance="${instance}"}`, 1)
  })

  it.each(['controller', 'speaker'])('docs/monitoring.md lists every metric of a %s', async (component) => {
    const pods = await operator.list<PodObject>(
      'pods',
      '--namespace=lanlord-system',
      `--selector=app.kubernetes.io/component=${component}`,
    )
    const port = component === 'controller' ? 7473 : 7472
    const pod = pods.find(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
    const path = `/api/v1/namespaces/lanlord-system/pods/${pod?.metadata.name}:${port}/proxy/metrics`
    const names = (text: string, form: RegExp): readonly string[] =>
      [...text.matchAll(form)].map(([, name = '']) => name).toSorted()
    const served = names(await operator.kubectl('get', '--raw', path), /^# TYPE (lanlord_\w+)/gm)
    const [, ofController = '', ofSpeaker = ''] = readFileSync('docs/monitoring.md', 'utf8').split(
      /^\| of .*$/m,
    )
    const listed = names(component === 'controller' ? ofController : ofSpeaker, /^\| `(lanlord_\w+)/gm)
    expect(listed).toEqual(served)
  })
})
