import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf, pool, poolOf, service, workload } from './manifests.ts'
import type { ConditionObject } from './objects.ts'
import { Operator } from './operator.ts'

describe('what an operator can get wrong', () => {
  let cluster: Cluster
  let operator: Operator
  let address: string

  beforeAll(async () => {
    cluster = await openCluster(2)
    operator = new Operator(cluster)
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(2), service('web'))
    await operator.deployed()
    address = await operator.addressOf('web')
    await operator.reaches(address)
  })
  afterAll(async () => {
    // Nothing of the above may have disturbed what worked.
    expect(await operator.addressOf('web')).toBe(address)
    expect(await operator.curl(address)).toMatch(/web-/)
    await cluster?.close()
  })

  const readyOf = (name: string): Promise<ConditionObject> =>
    operator.eventually(`pool ${name} is judged`, async () => {
      const text = await operator.kubectl('get', 'pool', name, '-o', 'json')
      const { status } = JSON.parse(text) as { status?: { conditions?: readonly ConditionObject[] } }
      return status?.conditions?.find(({ type }) => type === 'Ready')
    })

  it('a pool with unreadable text is refused, and the refusal quotes the text', async () => {
    await expect(operator.apply(poolOf('typo', '192.168.10.2oo'))).rejects.toThrow(/192\.168\.10\.2oo/)
  })

  it('a reversed range is refused or marked, and the words name both ends', async () => {
    const range = `${networkOf(cluster)}.220-${networkOf(cluster)}.215`
    const verdict = await operator.apply(poolOf('reversed', range)).then(
      async () => (await readyOf('reversed')).message,
      (error: Error) => error.message,
    )
    expect(verdict).toContain(range)
  })

  it('a pool that overlaps an older one is not ready and says which; the older keeps the range', async () => {
    await operator.apply(pool(cluster, 'rival', 205, 215))
    const condition = await readyOf('rival')
    expect(condition).toMatchObject({ status: 'False', reason: 'Overlaps' })
    expect(condition.message).toMatch(/lab/)
    expect(await readyOf('lab')).toMatchObject({ status: 'True' })
  })

  it.each([
    ['outside every pool', 'AddressNotInPool', () => `${networkOf(cluster)}.199`],
    ['held by another Service', 'AddressInUse', () => address],
    ['no address at all', 'InvalidRequest', () => '10.0.0.300'],
  ])('a Service that asks for an address %s waits, and its Event says why', async (_, reason, asked) => {
    const name = `wants-${reason.toLowerCase()}`
    await operator.apply(service(name, { annotations: { 'lanlord.dev/addresses': asked() } }))
    const words = await operator.eventually('the Service has its Event', async () => {
      const text = await operator.kubectl('describe', 'service', name)
      return text.includes(reason) ? text : undefined
    })
    expect(words).toContain(asked())
    expect(await operator.kubectl('get', 'service', name)).toContain('<pending>')
  })
})
