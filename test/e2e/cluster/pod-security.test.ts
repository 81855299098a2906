import { afterAll, beforeAll, expect, it } from 'vitest'
import { openCluster, type Cluster } from '../ground.ts'
import { Operator } from '../operator.ts'
import { find, render } from '../../chart/helm.ts'
import { objectionsTo } from './dry-run.ts'

const levels = ['privileged', 'baseline', 'restricted'] as const

let cluster: Cluster
let operator: Operator

beforeAll(async () => {
  cluster = await openCluster(1, { lanlord: false })
  operator = new Operator(cluster)
  for (const level of levels) {
    const labels = { 'pod-security.kubernetes.io/enforce': level }
    await operator.apply(
      JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: level, labels } }),
    )
    await operator.eventually('the account of the namespace', () =>
      operator.kubectl('get', 'serviceaccount', 'default', '-n', level).catch(() => undefined),
    )
  }
})
afterAll(() => cluster?.close())

/** What the API server says to a pod as the chart's Deployment or DaemonSet would make it; empty when it admits it. */
function refusalIn(namespace: string, kind: 'Deployment' | 'DaemonSet'): Promise<string> {
  const { spec, metadata } = find(render(), kind).spec.template
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: 'tried', namespace },
    spec: { ...spec, serviceAccountName: 'default' },
  }
  return objectionsTo(cluster, JSON.stringify(pod))
}

it.each(levels)('a namespace that enforces %s admits the controller', async (level) => {
  expect(await refusalIn(level, 'Deployment')).toBe('')
})

it('a namespace that enforces privileged admits the speaker', async () => {
  expect(await refusalIn('privileged', 'DaemonSet')).toBe('')
})

it('a namespace that enforces baseline refuses the speaker for NET_RAW and for what the host network brings, and nothing else', async () => {
  const words = await refusalIn('baseline', 'DaemonSet')
  const [, violated = ''] = /violates PodSecurity "baseline:latest": (.*)/.exec(words) ?? []
  expect(violated.split(/\), /).map((each) => each.replace(/ \(.*/, ''))).toEqual([
    'non-default capabilities',
    'host namespaces',
    'hostPort',
    'probe or lifecycle host',
  ])
  expect(violated).toContain('NET_RAW')
})

it('the chart says so where the namespace would refuse the speakers one by one', async () => {
  const flags = ['lanlord', 'charts/lanlord', '--namespace', 'restricted', '--dry-run=server']
  await expect(operator.run('helm', 'install', ...flags)).rejects.toThrow(
    'kubectl label namespace restricted --overwrite pod-security.kubernetes.io/enforce=privileged',
  )
})
