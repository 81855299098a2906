import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BarePods, type BarePod } from './bare-pods.ts'
import { CandidateDesk } from './candidate-desk.ts'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf } from './manifests.ts'
import { Operator } from './operator.ts'

/** A row of the second table in docs/candidates.md. */
interface Row {
  readonly happens: string
  readonly before: string
  readonly after: string
  readonly undone: string
  readonly policy?: 'Cluster'
  readonly pods: readonly BarePod[]
  /** Of a Service that has a selector the endpoints are Kubernetes' own. */
  readonly endpoints?: 'written by hand'
  readonly act: () => Promise<unknown>
  /** Which Pod answers the client after it, if any does. */
  readonly answers?: string
  readonly undo: () => Promise<unknown>
}

/** Real Pods, with a probe that asks them and a time in which they end: what changes is what Kubernetes makes of that. */
describe('an address and the Pods behind it', { timeout: 120_000 }, () => {
  let cluster: Cluster
  let operator: Operator
  let desk: CandidateDesk
  let pods: BarePods
  let address = ''
  const took: string[] = []

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    desk = new CandidateDesk(operator)
    pods = new BarePods(operator)
    await operator.settled()
    for (const { name } of cluster.nodes) await desk.label(name, `place=${name}`)
    const preferredNodes = [
      { weight: 100, selector: { matchLabels: { place: 'node-1' } } },
      { weight: 50, selector: { matchLabels: { place: 'node-2' } } },
    ]
    await desk.pool('row', [`${networkOf(cluster)}.200`], { preferredNodes })
  })
  afterEach(async () => {
    await desk.gone('row')
    await pods.endAll()
    await desk.isSaidOf(address, 'nobody')
  })
  afterAll(async () => {
    if (took.length > 0) console.info(`how long it took until that was announced:\n${took.join('\n')}`)
    await cluster?.close()
  })

  /** Waits until the client is answered by the Pod, as kube-proxy has heard of it, too. */
  function isAnsweredBy(pod: string): Promise<true> {
    return operator.eventually(`the client reaches Pod ${pod}`, async () => {
      return (await operator.reaches(address)).includes(`pod: ${pod}\n`) || undefined
    })
  }

  const onNode = (number: number, more: Partial<BarePod> = {}): BarePod => {
    return { name: `on-${number}`, node: `node-${number}`, ...more }
  }
  const rows: readonly Row[] = [
    {
      happens: 'the first Pod becomes ready, on node-2',
      before: 'nobody',
      after: 'node-2',
      undone: 'nobody',
      pods: [],
      act: () => pods.start(onNode(2)),
      answers: 'on-2',
      undo: () => pods.end('on-2'),
    },
    {
      happens: 'the probe of that on node-1 fails, and one on node-2 stays ready',
      before: 'node-1',
      after: 'node-2',
      undone: 'node-2',
      pods: [onNode(1), onNode(2)],
      act: () => pods.answerProbe('on-1', false),
      answers: 'on-2',
      undo: () => pods.answerProbe('on-1', true),
    },
    {
      happens: 'the probe of the last one fails, on node-1',
      before: 'node-1',
      after: 'nobody',
      undone: 'node-1',
      pods: [onNode(1)],
      act: () => pods.answerProbe('on-1', false),
      undo: () => pods.answerProbe('on-1', true),
    },
    {
      happens: 'it moves: made on node-3, then deleted on node-1',
      before: 'node-1',
      after: 'node-3',
      undone: 'node-1',
      pods: [onNode(1)],
      act: () => pods.start(onNode(3)).then(() => pods.end('on-1')),
      answers: 'on-3',
      undo: () => pods.start(onNode(1)).then(() => pods.end('on-3')),
    },
    {
      happens: 'that on node-1 is deleted and serves for 10 s more, one on node-2 stays',
      before: 'node-1',
      after: 'node-1',
      undone: 'node-2',
      pods: [onNode(1, { servesOnSeconds: 10 }), onNode(2)],
      act: () => pods.end('on-1'),
      answers: 'on-1',
      undo: () => desk.isSaidOf(address, 'node-2'),
    },
    {
      happens: 'the last one is deleted and serves for 10 s more, on node-1',
      before: 'node-1',
      after: 'node-1',
      undone: 'nobody',
      pods: [onNode(1, { servesOnSeconds: 10 })],
      act: () => pods.end('on-1'),
      answers: 'on-1',
      undo: () => desk.isSaidOf(address, 'nobody'),
    },
    {
      happens: 'Cluster, as a Gateway: an endpoint that names no node is there, a Pod on node-3',
      before: 'nobody',
      after: 'node-1',
      undone: 'nobody',
      policy: 'Cluster',
      pods: [onNode(3)],
      endpoints: 'written by hand',
      act: async () => desk.endpoints('row', { address: await pods.addressOf('on-3') }),
      answers: 'on-3',
      undo: () => desk.endpoints('row'),
    },
  ]

  it.each(rows.map((row) => [row.happens, row] as const))('%s', async (_, row) => {
    const selected = row.endpoints === undefined ? { selector: { app: 'bare' } } : {}
    const [first, ...others] = row.pods
    if (first) await pods.start(first)
    const ports = [{ port: 80, targetPort: 8080 }]
    await desk.service('row', { externalTrafficPolicy: row.policy ?? 'Local', ports, ...selected }, {})
    address = await operator.addressOf('row')
    await desk.comesTo(address, row.before)
    await pods.start(...others)
    const startedMs = Date.now()
    await row.act()
    if (row.after === row.before) await desk.staysOn(address, row.after)
    else took.push(`${row.happens}: ${(await desk.comesTo(address, row.after)) - startedMs} ms`)
    if (row.answers !== undefined) await isAnsweredBy(row.answers)
    await row.undo()
    await desk.staysOn(address, row.undone)
  })

  it('these are the rows of docs/candidates.md', () => {
    const page = readFileSync('docs/candidates.md', 'utf8')
    const cells = /^\| ([^|]*?) +\| (\S+) +\| (\S+) +\| (\S+) +\|[^|]*\|[^|]*\|$/gm
    const shown = [...page.matchAll(cells)].slice(1)
    const made = rows.map(({ happens, before, after, undone }) => [happens, before, after, undone])
    expect(shown.map(([, ...row]) => row)).toEqual(made)
  })
})
