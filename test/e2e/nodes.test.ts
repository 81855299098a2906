import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { answerersOf, figuresOf, watchBothSides, type BothSides } from './both-sides.ts'
import { openCluster, type Cluster } from './ground.ts'
import { pool, service, workload } from './manifests.ts'
import { Operator } from './operator.ts'

describe('a node that fails as a whole', () => {
  let cluster: Cluster
  let operator: Operator
  let address: string

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(3), service('web', { policy: 'Local' }))
    await operator.deployed()
    address = await operator.addressOf('web')
    await operator.reaches(address)
  })
  afterAll(() => cluster?.close())
  afterEach(wholeAgain)

  const watch = (happening: (announcer: string) => Promise<unknown>): Promise<BothSides> =>
    watchBothSides(operator, address, happening)

  /** Every node is back, with its speaker and its Pod. */
  async function wholeAgain(): Promise<void> {
    await operator.settled()
    await operator.nodesReady()
    await operator.deployed()
  }

  it('loses its address to another one when it is powered off, and boots with nothing lost', async () => {
    const off = await watch(async (announcer) => {
      await cluster.powerOff(announcer)
      await operator.announcerOf(address, announcer)
    })
    expect(off.after).not.toBe(off.before)
    expect(off.warm.lost, figuresOf(off)).toBeGreaterThan(0) // It was really without a path for a while…
    expect(off.warm.answered).toBeGreaterThan(off.warm.lost) // …and then had one again.
    expect(answerersOf(off, operator)).toEqual([off.before, off.after])
    expect(off.anew.doubleAnswers).toBe(0)

    const boot = await watch(async () => {
      await cluster.powerOn(off.before)
      await wholeAgain()
    })
    expect(boot).toMatchObject({ before: off.after, after: off.after, warm: { lost: 0 } })
    expect(answerersOf(boot, operator)).toEqual([off.after])
  })

  it('answers for nothing that it lost when it goes on after having stood still', async () => {
    const frozen = await operator.announcerOf(address)
    await cluster.freeze(frozen)
    const successor = await operator.announcerOf(address, frozen)
    const seen = await watch(async () => {
      await cluster.thaw(frozen)
      await wholeAgain()
    })
    expect(seen).toMatchObject({ before: successor, after: successor, warm: { lost: 0 } })
    expect(answerersOf(seen, operator)).toEqual([successor])
  })

  it('loses its address just as well while the API server is stopped', async () => {
    const lost = await operator.announcerOf(address)
    await cluster.stopApi()
    await cluster.powerOff(lost)
    expect(await operator.reaches(address)).toMatch(/web-/)
    expect(await operator.asClient('ip', 'neigh', 'show', address)).not.toContain(operator.macOf(lost))
    await cluster.startApi()
    expect(await operator.announcerOf(address, lost)).not.toBe(lost)
    await cluster.powerOn(lost)
  })
})
