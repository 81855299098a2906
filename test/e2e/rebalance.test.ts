import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerersOf, watchBothSides } from './both-sides.ts'
import { CandidateDesk } from './candidate-desk.ts'
import { openCluster, type Cluster } from './ground.ts'
import { pool, service, workload } from './manifests.ts'
import type { PoolObject } from './objects.ts'
import { Operator } from './operator.ts'

/** A node that the others took for dead in between, as on a machine that is short of processors, is left alone for longer. */
const patientMs = 100_000

describe('nodes that do not announce as much as each other', () => {
  let cluster: Cluster
  let operator: Operator
  let desk: CandidateDesk
  let web = ''
  const fixed = new Map<string, string>()

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    desk = new CandidateDesk(operator)
    await operator.settled()
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(3))
    await operator.deployed()
    // Two that are where they are asked for, so that only the third may move.
    for (const node of ['node-2', 'node-3']) {
      await operator.apply(service(`on-${node}`))
      await desk.annotate(`on-${node}`, node)
      fixed.set(node, await operator.addressOf(`on-${node}`))
      await desk.comesTo(fixed.get(node) ?? '', node)
    }
    await operator.apply(service('web'))
    web = await operator.addressOf('web')
    await desk.comesTo(web, 'node-1')
    await operator.reaches(web)
  })
  afterAll(() => cluster?.close())

  const rebalance = (way: 'Auto' | 'Manual'): Promise<unknown> => {
    const flags = ['--type=merge', `--patch=${JSON.stringify({ spec: { l2: { rebalance: way } } })}`]
    return operator.kubectl('patch', 'pool', 'lab', ...flags)
  }
  const balance = async (): Promise<string | undefined> => {
    const { status } = await operator.get<PoolObject>('pool', 'lab')
    const condition = status?.conditions?.find(({ type }) => type === 'Balanced')
    return condition && `${condition.status} ${condition.reason} ${condition.message}`
  }

  it('are said to be uneven, and stay so, while the pool has rebalance Manual', async () => {
    await desk.cordon('cordon', 'node-1')
    const other = await operator.announcerOf(web, 'node-1')
    await desk.comesTo(web, other)
    await desk.cordon('uncordon', 'node-1')
    const said = await operator.eventually('the pool says that it is uneven', balance)
    expect(said).toBe(
      `False Uneven a rebalance would move 1 of its 3 addresses: 1 from ${other} to node-1; with spec.l2.rebalance Auto they move by themselves`,
    )
    await desk.staysOn(web, other)
  })

  it(
    'become even with nothing lost once it has rebalance Auto, and nothing else moves',
    async () => {
      const seen = await watchBothSides(operator, web, async () => {
        await rebalance('Auto')
        await comesBackTo('node-1')
      })
      expect(seen).toMatchObject({ after: 'node-1', warm: { lost: 0 } })
      expect(answerersOf(seen, operator)).toEqual([seen.before, 'node-1'])
      await operator.eventually('the pool says nothing of it', async () =>
        (await balance()) ? undefined : true,
      )
      for (const [node, address] of fixed) await desk.comesTo(address, node)
    },
    patientMs,
  )

  it(
    'lose nothing when one is cordoned and comes back, which gets its share by itself',
    async () => {
      const seen = await watchBothSides(operator, web, async () => {
        await desk.cordon('cordon', 'node-1')
        const other = await operator.announcerOf(web, 'node-1')
        await desk.comesTo(web, other)
        await desk.cordon('uncordon', 'node-1')
        await comesBackTo('node-1')
      })
      expect(seen).toMatchObject({ before: 'node-1', after: 'node-1', warm: { lost: 0 } })
    },
    patientMs,
  )

  it(
    'lose nothing when the speaker of one is restarted, which gets its share after a while',
    async () => {
      const seen = await watchBothSides(operator, web, async (announcer) => {
        await cluster.kill(`speaker/${announcer}`, 'SIGTERM')
        const other = await operator.announcerOf(web, announcer)
        await desk.comesTo(web, other)
        await operator.settled()
        await comesBackTo(announcer)
      })
      expect(seen).toMatchObject({ before: 'node-1', after: 'node-1', warm: { lost: 0 } })
    },
    patientMs,
  )

  async function comesBackTo(node: string): Promise<void> {
    const isBack = async (): Promise<true | undefined> =>
      (await desk.announcerOf(web)).node === node || undefined
    await operator.eventually(`${web} is announced by ${node} again`, isBack, patientMs)
    await desk.comesTo(web, node)
  }
})
