import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figuresOf, watchBothSides, type BothSides } from '../both-sides.ts'
import { openCluster, type Cluster } from '../ground.ts'
import { Installation } from '../installation.ts'
import { pool, service, workload } from '../manifests.ts'
import { Operator } from '../operator.ts'

describe('an installation that is rolled while clients use it', () => {
  let cluster: Cluster
  let operator: Operator
  let installation: Installation
  let address: string

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    installation = new Installation(operator)
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(3), service('web', { policy: 'Local' }))
    await operator.deployed()
    address = await operator.addressOf('web')
    await operator.reaches(address)
    await operator.settled()
  })
  afterAll(() => cluster?.close())

  /** Loses nothing; how long a client that asked anew was without an answer is told, and `npm run bench` measures it. */
  async function staysUp(rolling: () => Promise<void>): Promise<BothSides> {
    const seen = await watchBothSides(operator, address, async () => {
      await rolling()
      await operator.settled()
    })
    console.info(figuresOf(seen))
    expect(seen.warm.lost, figuresOf(seen)).toBe(0)
    return seen
  }

  const podsOf = async (component: 'controller' | 'speaker'): Promise<readonly string[]> =>
    (await installation.pods(component)).map(({ metadata }) => metadata.name)

  it('kubectl rollout restart of the DaemonSet loses nothing', async () => {
    const before = await podsOf('speaker')
    await staysUp(() => installation.restart('speaker'))
    const after = await podsOf('speaker')
    expect(after).toHaveLength(cluster.nodes.length)
    expect(after.filter((name) => before.includes(name))).toEqual([])
  })

  it('kubectl rollout restart of the Deployment loses nothing and moves nothing', async () => {
    const before = await podsOf('controller')
    const seen = await staysUp(() => installation.restart('controller'))
    expect(seen.after).toBe(seen.before)
    expect((await podsOf('controller')).filter((name) => before.includes(name))).toEqual([])
  })

  it('helm upgrade of both at once loses nothing, and the Service keeps its address', async () => {
    const before = [...(await podsOf('controller')), ...(await podsOf('speaker'))]
    await staysUp(() =>
      installation.upgrade('controller.podAnnotations.turn=second', 'speaker.podAnnotations.turn=second'),
    )
    const after = [...(await podsOf('controller')), ...(await podsOf('speaker'))]
    expect(after.filter((name) => before.includes(name))).toEqual([])
    expect(await operator.addressOf('web')).toBe(address)
  })
})
