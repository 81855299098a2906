import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { answerersOf, watchBothSides, type BothSides } from './both-sides.ts'
import { openCluster, type Cluster } from './ground.ts'
import { pool, service, workload } from './manifests.ts'
import { Operator } from './operator.ts'

describe('an address that moves while clients use it', () => {
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
  afterEach(() => operator.settled())

  const watch = (happening: (announcer: string) => Promise<unknown>): Promise<BothSides> =>
    watchBothSides(operator, address, happening)
  const gone = (name: string) => async (): Promise<true | undefined> =>
    (await operator.announcerOf(address)) === name ? undefined : true

  it('goes to another node when the cable of its node is pulled, and never two nodes answer', async () => {
    const seen = await watch(async (announcer) => {
      await cluster.pullCable(announcer)
      await operator.announcerOf(address, announcer)
    })
    expect(seen.after).not.toBe(seen.before)
    expect(seen.warm.lost).toBeGreaterThan(0) // It was really without a path for a while…
    expect(seen.warm.answered).toBeGreaterThan(seen.warm.lost) // …and then had one again.
    expect(answerersOf(seen, operator)).toEqual([seen.before, seen.after])
    expect(seen.anew.doubleAnswers).toBe(0)
    await cluster.plugCable(seen.before)
  })

  it('stays where it is when the node that lost it returns, with nothing lost', async () => {
    const lost = await operator.announcerOf(address)
    await cluster.pullCable(lost)
    const taken = await operator.announcerOf(address, lost)
    const seen = await watch(async () => {
      await cluster.plugCable(lost)
      await operator.settled()
    })
    expect(seen).toMatchObject({ before: taken, after: taken, warm: { lost: 0 }, anew: { doubleAnswers: 0 } })
  })

  it('moves with nothing lost when the speaker that announces it is told to end', async () => {
    const seen = await watch(async (announcer) => {
      await cluster.kill(`speaker/${announcer}`, 'SIGTERM')
      await operator.eventually('the address has moved', gone(announcer))
      await operator.settled()
    })
    expect(seen.after).not.toBe(seen.before)
    expect(seen.warm.lost).toBe(0)
  })

  it('loses nothing when all speakers are restarted one after the other', async () => {
    const seen = await watch(async () => {
      for (const { name } of cluster.nodes) {
        const before = await speakerPid(name)
        await cluster.kill(`speaker/${name}`, 'SIGTERM')
        await operator.eventually(`the speaker of ${name} is another one`, async () => {
          const now = await speakerPid(name)
          return now !== undefined && now !== before ? now : undefined
        })
        await operator.settled()
      }
    })
    expect(seen.warm.lost).toBe(0)
  })

  it('loses nothing when the speaker that announces it is killed, since its node goes on forwarding', async () => {
    const seen = await watch(async (announcer) => {
      await cluster.kill(`speaker/${announcer}`, 'SIGKILL')
      await operator.eventually('the address has moved', gone(announcer))
    })
    expect(seen.after).not.toBe(seen.before)
    expect(seen.warm.lost).toBe(0)
    expect(seen.anew.doubleAnswers).toBe(0)
    expect(answerersOf(seen, operator)).toEqual([seen.before, seen.after])
  })

  it('and none of it was taken for a second answerer: no Service ever said so', async () => {
    const described = await operator.kubectl('describe', 'service', 'web')
    expect(described).not.toContain('AnsweredTwice')
  })

  async function speakerPid(name: string): Promise<number | undefined> {
    return (await cluster.pids()).nodes.find((node) => node.name === name)?.speakerPid ?? undefined
  }
})
