import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ArpFindings } from '../../src/sandbox/probe/arp.ts'
import type { Outage } from '../../src/sandbox/probe/outage.ts'
import { openCluster, type Cluster } from './ground.ts'
import { Operator, pool, service, workload } from './operator.ts'

interface BothSides {
  readonly warm: Outage
  readonly anew: ArpFindings
  readonly before: string
  readonly after: string
}

describe('an address that moves while clients use it', () => {
  let cluster: Cluster
  let operator: Operator
  let address: string

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    await operator.apply(
      [pool(cluster, 'lab', 200, 209), workload(3), service('web', { policy: 'Local' })].join('---\n'),
    )
    address = await operator.addressOf('web')
    await operator.eventually('curl answers', () => operator.curl(address).catch(() => undefined))
  })
  afterAll(() => cluster?.close())
  afterEach(() => operator.settled())

  /** Watches with a warm client and with one that asks anew each time, while something happens. */
  async function watch(happening: (announcer: string) => Promise<void>): Promise<BothSides> {
    const before = await operator.announcerOf(address)
    const [warm, anew] = await Promise.all([operator.probeUdp(address), operator.probeArp(address)])
    await happening(before)
    const findings = { warm: await warm.stop(), anew: await anew.stop() }
    return { ...findings, before, after: await operator.announcerOf(address) }
  }

  const macOf = (name: string): string => cluster.nodes.find((node) => node.name === name)?.mac ?? ''
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
    expect(seen.anew.by.map(({ mac }) => mac)).toEqual([macOf(seen.before), macOf(seen.after)])
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
      cluster.kill(`speaker/${announcer}`, 'SIGTERM')
      await operator.eventually('the address has moved', gone(announcer))
      await operator.settled()
    })
    expect(seen.after).not.toBe(seen.before)
    expect(seen.warm.lost).toBe(0)
  })

  it('loses nothing when all speakers are restarted one after the other', async () => {
    const seen = await watch(async () => {
      for (const { name } of cluster.nodes) {
        const before = speakerPid(name)
        cluster.kill(`speaker/${name}`, 'SIGTERM')
        await operator.eventually(`the speaker of ${name} is another one`, async () => {
          const now = speakerPid(name)
          return now !== undefined && now !== before ? now : undefined
        })
        await operator.settled()
      }
    })
    expect(seen.warm.lost).toBe(0)
  })

  it('loses nothing when the speaker that announces it is killed, since its node goes on forwarding', async () => {
    const seen = await watch(async (announcer) => {
      cluster.kill(`speaker/${announcer}`, 'SIGKILL')
      await operator.eventually('the address has moved', gone(announcer))
    })
    expect(seen.after).not.toBe(seen.before)
    expect(seen.warm.lost).toBe(0)
    expect(seen.anew.doubleAnswers).toBe(0)
    expect(seen.anew.by.map(({ mac }) => mac)).toEqual([macOf(seen.before), macOf(seen.after)])
  })

  function speakerPid(name: string): number | undefined {
    return cluster.pids().nodes.find((node) => node.name === name)?.speakerPid ?? undefined
  }
})
