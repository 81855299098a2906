import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ground, openCluster, type Cluster } from './ground.ts'
import { pool, service, workload } from './manifests.ts'
import type { EventObject, ServiceObject, SpeakerObject } from './objects.ts'
import { Operator } from './operator.ts'

const names = ['red', 'green', 'blue', 'white', 'black', 'amber', 'teal']

describe('while a part of the control plane is away', () => {
  let cluster: Cluster
  let operator: Operator
  let addresses: readonly string[]

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(3))
    await operator.deployed()
    for (const name of names) await operator.apply(service(name, { policy: 'Local' }))
    addresses = await Promise.all(names.map((name) => operator.addressOf(name)))
    for (const address of addresses) await operator.announcerOf(address)
    await operator.settled()
  })
  afterAll(() => cluster?.close())

  /** Versions of everything that Lanlord writes: a write, needed or not, shows as a new one. */
  async function versions(): Promise<Readonly<Record<string, string>>> {
    const kinds = ['services', 'speakers', 'addresspools', 'events']
    const lists = await Promise.all(kinds.map((kind) => operator.list<ServiceObject | EventObject>(kind)))
    return Object.fromEntries(
      lists.flatMap((list, at) =>
        list
          .filter((each) => !('involvedObject' in each) || each.involvedObject.kind === 'Service')
          .map(({ metadata }) => [`${kinds[at]}/${metadata.name}`, metadata.resourceVersion]),
      ),
    )
  }

  const controllerReady = (before: number): Promise<true> =>
    operator.eventually('another controller has taken over', async () => {
      const pid = (await cluster.pids()).controllerPid
      if (pid === null || pid === before) return undefined
      await operator.apply(service('newcomer'))
      const { status } = await operator.service('newcomer')
      return status?.loadBalancer?.ingress?.[0] ? true : undefined
    })

  /** How many addresses each node announces, once all of them are announced by one node each, since then. */
  const spreadSince = (moment: number): Promise<readonly number[]> =>
    operator.eventually('each address is announced by one node', async () => {
      const speakers = await operator.list<SpeakerObject>('speakers')
      const announced = speakers.flatMap(({ status }) => status?.announcing ?? [])
      const isAnew = announced.every(({ since }) => Date.parse(since) >= moment)
      const isWhole = addresses.every(
        (each) => announced.filter(({ address }) => address === each).length === 1,
      )
      return isAnew && isWhole ? speakers.map(({ status }) => status?.announcing?.length ?? 0) : undefined
    })

  /** The versions once nothing more of what was before is being written. */
  const versionsAtRest = async (): Promise<Readonly<Record<string, string>>> => {
    let last = await versions()
    return operator.eventually('nothing is written any more', async () => {
      await sleep(2_000)
      const now = await versions()
      const isAtRest = JSON.stringify(now) === JSON.stringify(last)
      last = now
      return isAtRest ? now : undefined
    })
  }

  it('each address has one announcer again when all speakers were killed at once, as evenly as before where they are back at once', async () => {
    await spreadSince(0)
    const killedAt = Date.now()
    await Promise.all(cluster.nodes.map(({ name }) => cluster.kill(`speaker/${name}`, 'SIGKILL')))
    const spread = await spreadSince(killedAt)
    expect(spread.reduce((sum, count) => sum + count)).toBe(names.length)
    // Kubelets start them at different moments; the first ones take what the others are not there for, and keep it.
    const areBackAtOnce = ground === 'embedded'
    if (areBackAtOnce)
      expect(Math.max(...spread) - Math.min(...spread), spread.join('/')).toBeLessThanOrEqual(1)
    await operator.settled()
  })

  it('a killed controller changes no address, and its successor writes nothing that is not needed', async () => {
    const before = await versionsAtRest()
    const pid = (await cluster.pids()).controllerPid ?? 0
    await cluster.kill('controller', 'SIGKILL')
    await controllerReady(pid)
    const after = await versions()
    const changed = Object.keys(before).filter((name) => before[name] !== after[name])
    // The newcomer's address is announced by one node and counted in the pool: those two, and nothing else.
    expect(changed.filter((name) => name.startsWith('services/') || name.startsWith('events/'))).toEqual([])
    expect(await Promise.all(names.map((name) => operator.addressOf(name)))).toEqual(addresses)
  })

  it('a stopped API server stops no answer, and an address still moves off a node that fails', async () => {
    const address = addresses[0] ?? ''
    const announcer = await operator.announcerOf(address)
    await cluster.stopApi()
    for (const each of addresses) expect(await operator.curl(each)).toMatch(/web-/)
    await cluster.pullCable(announcer)
    await operator.reaches(address)
    await cluster.startApi()
    await cluster.plugCable(announcer)
    expect(await operator.announcerOf(address, announcer)).not.toBe(announcer)
    await operator.settled()
  })

  it('everything catches up afterwards: a new Service is served, and the Speakers tell the truth', async () => {
    await operator.apply(service('latecomer'))
    const address = await operator.addressOf('latecomer')
    const announcer = await operator.announcerOf(address)
    await operator.reaches(address)
    const speakers = await operator.list<SpeakerObject>('speakers')
    const neighbour = await operator.asClient('ip', 'neigh', 'show', address)
    expect(neighbour).toContain(operator.macOf(announcer))
    const announced = speakers.flatMap((each) => each.status?.announcing ?? []).map((entry) => entry.address)
    expect(new Set(announced).size).toBe(announced.length)
  })
})
