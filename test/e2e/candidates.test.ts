import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CandidateDesk, type Endpoint } from './candidate-desk.ts'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf } from './manifests.ts'
import { Operator } from './operator.ts'

const exclude = 'node.kubernetes.io/exclude-from-external-load-balancers'
const outOfService = 'node.kubernetes.io/out-of-service'
const everyNode = ['node-1', 'node-2', 'node-3']

/** Node-1 is preferred to node-2, and that one to node-3. */
const preferredNodes = [
  { weight: 100, selector: { matchLabels: { rank: 'first' } } },
  { weight: 50, selector: { matchLabels: { rank: 'second' } } },
]

/** A row of the table in docs/candidates.md: a Service, what happens, and who announces its address before, after and when it is undone. */
interface Row {
  readonly rule: string
  readonly happens: string
  readonly before: string
  readonly after: string
  readonly undone: string
  readonly l2?: object
  readonly addresses?: readonly string[]
  readonly policy?: 'Local'
  readonly endpoints?: readonly Endpoint[]
  readonly act: () => Promise<unknown>
  readonly undo: () => Promise<unknown>
  /** What the Service says after it. */
  readonly says?: string
}

/** So long it took, by rule: told when all rows were made. */
const took: string[] = []

describe('who may announce an address', () => {
  let cluster: Cluster
  let operator: Operator
  let desk: CandidateDesk
  let bystander = ''
  let atFirst: unknown

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    desk = new CandidateDesk(operator)
    await operator.settled()
    const ranks = ['first', 'second', 'third']
    for (const [at, node] of everyNode.entries()) await desk.label(node, `rank=${ranks[at] ?? ''}`)
    await desk.pool('others', [`${networkOf(cluster)}.220`], {})
    await desk.service('bystander', {}, { 'lanlord.dev/preferred-node': 'node-3' })
    await desk.endpoints('bystander', { nodeName: 'node-3' })
    bystander = await operator.addressOf('bystander')
    await desk.comesTo(bystander, 'node-3')
    atFirst = await desk.announcerOf(bystander)
  })
  afterEach(async () => {
    await desk.gone('row')
    await desk.isSaidOf(`${networkOf(cluster)}.200`, 'nobody')
  })
  afterAll(async () => {
    desk?.close()
    if (took.length > 0) console.info(`how long it took until another node announced:\n${took.join('\n')}`)
    await cluster?.close()
  })

  const edit = (l2: object): Promise<unknown> => {
    const flags = ['--type=merge', `--patch=${JSON.stringify({ spec: { l2 } })}`]
    return operator.kubectl('patch', 'pool', 'row', ...flags)
  }
  const serve = (...endpoints: readonly Endpoint[]): Promise<unknown> => desk.endpoints('row', ...endpoints)
  const onNode1 = [{ nodeName: 'node-1' }]
  const chosen = (rank: string): object => ({ nodeSelectors: [{ matchLabels: { rank } }] })

  const rows: readonly Row[] = [
    {
      rule: '`preferredNodes`',
      happens: 'the first Pod is ready',
      before: 'nobody',
      after: 'node-1',
      undone: 'nobody',
      endpoints: [],
      act: () => serve({ nodeName: 'node-3' }),
      undo: () => serve(),
    },
    {
      rule: '`preferredNodes`, weights add up',
      happens: 'the first Pod is ready',
      before: 'nobody',
      after: 'node-2',
      undone: 'nobody',
      l2: {
        preferredNodes: [...preferredNodes, { weight: 51, selector: { matchLabels: { rank: 'second' } } }],
      },
      endpoints: [],
      act: () => serve({ nodeName: 'node-3' }),
      undo: () => serve(),
    },
    {
      rule: '`preferredNodes` of a pool in use',
      happens: 'the pool prefers node-3 from now on',
      before: 'node-1',
      after: 'node-1',
      undone: 'node-1',
      act: () => edit({ preferredNodes: [{ weight: 1, selector: { matchLabels: { rank: 'third' } } }] }),
      undo: () => edit({ preferredNodes }),
    },
    {
      rule: '`preferred-node`',
      happens: 'the Service asks for node-3',
      before: 'node-1',
      after: 'node-3',
      undone: 'node-3',
      act: () => desk.annotate('row', 'node-3'),
      undo: () => desk.annotate('row', undefined),
    },
    {
      rule: '`preferred-node` that cannot',
      happens: 'the Service asks for node-9',
      before: 'node-1',
      after: 'node-1',
      undone: 'node-1',
      act: () => desk.annotate('row', 'node-9'),
      undo: () => desk.annotate('row', undefined),
      says: 'by node-1 on eth0, though lanlord.dev/preferred-node asks for node-9, which does not exist',
    },
    {
      rule: 'the label `exclude-from-external-load-balancers`',
      happens: 'node-1 gets it',
      before: 'node-1',
      after: 'node-2',
      undone: 'node-2',
      act: () => desk.label('node-1', `${exclude}=`),
      undo: () => desk.label('node-1', `${exclude}-`),
    },
    {
      rule: 'the taint `out-of-service`',
      happens: 'node-1 gets it',
      before: 'node-1',
      after: 'node-2',
      undone: 'node-2',
      act: () => desk.taint('node-1', `${outOfService}=nodeshutdown:NoSchedule`),
      undo: () => desk.taint('node-1', `${outOfService}-`),
    },
    {
      rule: '`NetworkUnavailable`',
      happens: 'node-1 has that condition',
      before: 'node-1',
      after: 'node-2',
      undone: 'node-2',
      act: () => desk.network('node-1', 'True'),
      undo: () => desk.network('node-1', 'False'),
    },
    {
      rule: 'cordon',
      happens: 'node-1 is cordoned',
      before: 'node-1',
      after: 'node-2',
      undone: 'node-2',
      act: () => desk.cordon('cordon', 'node-1'),
      undo: () => desk.cordon('uncordon', 'node-1'),
    },
    {
      rule: 'cordon, last resort',
      happens: 'so is node-1, which has the only Pod of a Local Service',
      before: 'node-1',
      after: 'node-1',
      undone: 'node-1',
      policy: 'Local',
      act: () => desk.cordon('cordon', 'node-1'),
      undo: () => desk.cordon('uncordon', 'node-1'),
    },
    {
      rule: 'kube-proxy',
      happens: 'that of node-1 says it is unhealthy',
      before: 'node-1',
      after: 'node-2',
      undone: 'node-2',
      act: () => desk.spoilProxyHealth('node-1'),
      undo: () => desk.mendProxyHealth('node-1'),
    },
    {
      rule: '`nodeSelectors`',
      happens: 'they choose node-3 alone',
      before: 'node-1',
      after: 'node-3',
      undone: 'node-3',
      act: () => edit(chosen('third')),
      undo: () => edit({ nodeSelectors: null }),
    },
    {
      rule: '`nodeSelectors` that match no node',
      happens: 'they choose none',
      before: 'node-1',
      after: 'nobody',
      undone: 'node-1',
      act: () => edit(chosen('none')),
      undo: () => edit({ nodeSelectors: null }),
      says: 'NoCandidate no node may announce ADDRESS: node-1, node-2 and node-3 are not chosen by the nodeSelectors of AddressPool row; correct spec.l2.nodeSelectors of AddressPool row, or label a node',
    },
    {
      rule: '`interfaces` that match nothing',
      happens: 'they become `[eth9]`',
      before: 'node-1',
      after: 'nobody',
      undone: 'node-1',
      act: () => edit({ interfaces: ['eth9'] }),
      undo: () => edit({ interfaces: [] }),
      says: 'NoCandidate no node may announce ADDRESS: node-1, node-2 and node-3 have no interface that matches eth9; correct spec.l2.interfaces of AddressPool row',
    },
    {
      rule: '`interfaces` that match everything',
      happens: "they become `['*']`",
      before: 'node-1',
      after: 'node-1',
      undone: 'node-1',
      act: () => edit({ interfaces: ['*'] }),
      undo: () => edit({ interfaces: [] }),
    },
    {
      rule: '`enabled`',
      happens: 'it becomes false',
      before: 'node-1',
      after: 'nobody',
      undone: 'node-1',
      act: () => edit({ enabled: false }),
      undo: () => edit({ enabled: true }),
      says: 'NoCandidate no node may announce ADDRESS: spec.l2.enabled of AddressPool row is false',
    },
    {
      rule: 'the link of a node',
      happens: 'the cable of node-1 is pulled',
      before: 'node-1',
      after: 'node-2',
      undone: 'node-2',
      act: () => cluster.pullCable('node-1'),
      undo: () => cluster.plugCable('node-1'),
    },
    {
      rule: 'an address of no subnet of any node',
      happens: 'the first Pod is ready',
      before: 'nobody',
      after: 'node-1',
      undone: 'nobody',
      addresses: ['172.31.255.9'],
      endpoints: [],
      act: () => serve({ nodeName: 'node-3' }),
      undo: () => serve(),
    },
    {
      rule: 'no endpoint',
      happens: 'the last Pod is gone',
      before: 'node-1',
      after: 'nobody',
      undone: 'node-1',
      act: () => serve(),
      undo: () => serve(...onNode1),
      says: 'NoEndpoints ADDRESS is announced once a Pod behind it is ready',
    },
    {
      rule: 'Local: the Pod moves',
      happens: 'it is on node-2 now',
      before: 'node-1',
      after: 'node-2',
      undone: 'node-1',
      policy: 'Local',
      act: () => serve({ nodeName: 'node-2' }),
      undo: () => serve(...onNode1),
    },
    {
      rule: 'Local: a Pod becomes unready',
      happens: 'that on node-1, and one on node-3 stays ready',
      before: 'node-1',
      after: 'node-3',
      undone: 'node-3',
      policy: 'Local',
      endpoints: [{ nodeName: 'node-1' }, { nodeName: 'node-3' }],
      act: () => serve({ nodeName: 'node-1', ready: false }, { nodeName: 'node-3' }),
      undo: () => serve({ nodeName: 'node-1' }, { nodeName: 'node-3' }),
    },
    {
      rule: 'Local: the last Pod becomes unready',
      happens: 'that on node-1',
      before: 'node-1',
      after: 'nobody',
      undone: 'node-1',
      policy: 'Local',
      act: () => serve({ nodeName: 'node-1', ready: false }),
      undo: () => serve(...onNode1),
    },
    {
      rule: 'Local: a Pod terminates while it serves',
      happens: 'that on node-1, and one on node-3 stays ready',
      before: 'node-1',
      after: 'node-1',
      undone: 'node-1',
      policy: 'Local',
      endpoints: [{ nodeName: 'node-1' }, { nodeName: 'node-3' }],
      act: () =>
        serve({ nodeName: 'node-1', ready: false, serving: true, terminating: true }, { nodeName: 'node-3' }),
      undo: () => serve({ nodeName: 'node-1' }, { nodeName: 'node-3' }),
    },
    {
      rule: 'Local: endpoints without a node',
      happens: 'one that names no node takes the place of that on node-3',
      before: 'node-3',
      after: 'node-3',
      undone: 'node-3',
      policy: 'Local',
      endpoints: [{ nodeName: 'node-3' }],
      act: () => serve({}),
      undo: () => serve({ nodeName: 'node-3' }),
    },
    {
      rule: 'Local: endpoints without a node count everywhere',
      happens: 'the first endpoint is ready, and names no node',
      before: 'nobody',
      after: 'node-1',
      undone: 'nobody',
      policy: 'Local',
      endpoints: [],
      act: () => serve({}),
      undo: () => serve(),
    },
  ]

  it.each(rows.map((row) => [`${row.rule}: ${row.happens}`, row] as const))('%s', async (_, row) => {
    const { policy = 'Cluster', endpoints = onNode1, addresses = [`${networkOf(cluster)}.200`] } = row
    await desk.pool('row', addresses, { preferredNodes, interfaces: [], enabled: true, ...row.l2 })
    await desk.service('row', { externalTrafficPolicy: policy }, {})
    await serve(...endpoints)
    const address = await operator.addressOf('row')
    await desk.comesTo(address, row.before)
    const startedMs = Date.now()
    await row.act()
    if (row.after === row.before) await desk.staysOn(address, row.after)
    else {
      const atMs = await desk.comesTo(address, row.after)
      took.push(`${row.rule}: ${row.before} -> ${row.after} ${atMs - startedMs} ms`)
    }
    if (row.says !== undefined) await desk.says('row', row.says.replace('ADDRESS', address))
    await row.undo()
    await desk.staysOn(address, row.undone)
  })

  it('all the time a Service beside these was announced by its node without a break', async () => {
    expect(await desk.announcerOf(bystander)).toEqual(atFirst)
  })

  it('these are the rows of docs/candidates.md', () => {
    const page = readFileSync('docs/candidates.md', 'utf8')
    const shown = [
      ...page.matchAll(/^\| ([^|]*?) +\| ([^|]*?) +\| (\S+) +\| (\S+) +\| (\S+) +\|[^|]*\|[^|]*\|$/gm),
    ].slice(1)
    const made = rows.map(({ rule, happens, before, after, undone }) => [
      rule,
      happens,
      before,
      after,
      undone,
    ])
    expect(shown.map(([, ...cells]) => cells)).toEqual(made)
  })
})
