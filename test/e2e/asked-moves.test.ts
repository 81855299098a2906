import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerersOf, watchBothSides } from './both-sides.ts'
import { CandidateDesk } from './candidate-desk.ts'
import { openCluster, type Cluster } from './ground.ts'
import { pool, service, workload } from './manifests.ts'
import type { PodObject } from './objects.ts'
import { Operator } from './operator.ts'

describe('an address whose Service asks for a node', () => {
  let cluster: Cluster
  let operator: Operator
  let desk: CandidateDesk

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    desk = new CandidateDesk(operator)
    await operator.settled()
    for (const { name } of cluster.nodes) await desk.label(name, `place=${name}`)
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(3), service('web'))
    await operator.deployed()
  })
  afterAll(() => cluster?.close())

  it('moves there with nothing lost: the new node speaks first, and the old one answers until it hears that', async () => {
    const address = await operator.addressOf('web')
    await operator.reaches(address)
    const before = await operator.announcerOf(address)
    const [next = ''] = cluster.nodes.map(({ name }) => name).filter((name) => name !== before)
    const seen = await watchBothSides(operator, address, async () => {
      await desk.annotate('web', next)
      await desk.comesTo(address, next)
    })
    expect(seen).toMatchObject({ before, after: next, warm: { lost: 0 } })
    expect(answerersOf(seen, operator)).toEqual([before, next])
    expect(await operator.reaches(address)).toMatch(/web-/)
  })

  it('goes with the Pods of a Local Service, and is reached again at each node that they come to', async () => {
    await operator.kubectl('scale', 'deployment', 'web', '--replicas=1')
    await operator.apply(service('local', { policy: 'Local' }))
    const address = await operator.addressOf('local')
    for (const { name } of cluster.nodes) {
      const spec = { template: { spec: { nodeSelector: { place: name } } } }
      const flags = ['--type=merge', `--patch=${JSON.stringify({ spec })}`]
      await operator.kubectl('patch', 'deployment', 'web', ...flags)
      await operator.deployed()
      await desk.comesTo(address, name)
      expect(await operator.reaches(address)).toContain(await onlyPod())
    }
  })

  /** The name of the one Pod that is left. */
  function onlyPod(): Promise<string> {
    return operator.eventually('one Pod is left', async () => {
      const pods = await operator.list<PodObject>('pods', '--selector=app=web')
      return pods.length === 1 ? pods[0]?.metadata.name : undefined
    })
  }
})
