import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf, poolWith, service } from './manifests.ts'
import { Operator } from './operator.ts'
import { PoolDesk } from './pool-desk.ts'

/** A Service that wants an address of the pool. */
function of(pool: string, name: string, more: Readonly<Record<string, string>> = {}): string {
  return service(name, { annotations: { 'lanlord.dev/pool': pool, ...more } })
}

describe('an address whose Service is gone', () => {
  let cluster: Cluster
  let operator: Operator
  let desk: PoolDesk
  const at = (octet: number): string => `${networkOf(cluster)}.${octet}`
  /** A pool of the last octets `from` to `to`, which only Services that name it use. */
  const poolOf = (name: string, from: number, to: number, spec: object = {}): string =>
    poolWith(name, { addresses: [`${at(from)}-${at(to)}`], autoAssign: false, ...spec })
  const remove = (...names: readonly string[]): Promise<string> =>
    operator.kubectl('delete', 'service', ...names)

  beforeAll(async () => {
    cluster = await openCluster(1)
    operator = new Operator(cluster)
    desk = new PoolDesk(operator)
  })
  afterAll(() => cluster?.close())

  describe('in a pool that says nothing of it', () => {
    beforeAll(() => operator.apply(poolOf('soft', 200, 203)))

    it('goes back to the Service when that is made again, though another came in between', async () => {
      await operator.apply(of('soft', 'old'))
      const address = await operator.addressOf('old')
      await remove('old')
      await operator.apply(of('soft', 'between'))
      expect(await operator.addressOf('between')).not.toBe(address)
      await operator.apply(of('soft', 'old'))
      expect(await operator.addressOf('old')).toBe(address)
    })

    it('goes back to it also when another controller leads by then', async () => {
      const address = await operator.addressOf('old')
      await remove('old')
      const isRemembered = (names: readonly { readonly service: string }[] = []): boolean =>
        names.some((each) => each.service === 'default/old')
      await desk.becomes('soft', 'remembers old', ({ status }) => isRemembered(status?.remembered))
      await desk.replaceController()
      await operator.apply(of('soft', 'stranger'))
      expect(await operator.addressOf('stranger')).not.toBe(address)
      await operator.apply(of('soft', 'old'))
      expect(await operator.addressOf('old')).toBe(address)
    })

    it('is given to another all the same when nothing else is left', async () => {
      const address = await operator.addressOf('old')
      await remove('old')
      await operator.apply(of('soft', 'last'), of('soft', 'very-last'))
      const given = [await operator.addressOf('last'), await operator.addressOf('very-last')]
      expect(given).toContain(address)
      await remove('between', 'stranger', 'last', 'very-last')
    })
  })

  describe('in a pool that retains it', () => {
    beforeAll(async () => {
      await operator.apply(poolOf('kept', 210, 211, { retain: '12h' }))
      await operator.apply(of('kept', 'web'))
      await desk.has('web', at(210))
      await remove('web')
    })

    it('is counted as retained, and not as free', async () => {
      const { status } = await desk.becomes(
        'kept',
        'retains one',
        (each) => each.status?.ipv4?.retained === 1,
      )
      expect(status?.ipv4).toEqual({ total: 2, allocated: 0, retained: 1, quarantined: 0, available: 1 })
      expect(status?.remembered).toMatchObject([{ address: at(210), service: 'default/web' }])
    })

    it('is given to nobody else, even when the pool is full', async () => {
      await operator.apply(of('kept', 'second'))
      await desk.has('second', at(211))
      await operator.apply(of('kept', 'third'))
      await desk.said('third', 'False ')
      await desk.becomes('kept', 'has one that waits', ({ status }) => status?.waiting === 1)
      const [, row = ''] = (await operator.kubectl('get', 'pools', 'kept', '-o', 'wide')).split('\n')
      expect(row).toMatch(/^kept\s+True\s+false\s+1\s+0\s+0\s+0\s+1\s/)
    })

    it('is refused to whoever asks for it, in words that say for whom it is kept and until when', async () => {
      await operator.apply(of('kept', 'asks', { 'lanlord.dev/addresses': at(210) }))
      const words = await desk.said('asks', 'False AddressReserved')
      expect(words).toContain(at(210))
      expect(words).toContain('default/web')
      expect(words).toMatch(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/)
      await remove('asks')
    })

    it('is kept over a change of the controller', async () => {
      await desk.replaceController()
      expect(await desk.addressNow('third')).toBeUndefined()
      await desk.becomes('kept', 'retains one', ({ status }) => status?.ipv4?.retained === 1)
    })

    it('goes back to the Service when that is made again', async () => {
      await operator.apply(of('kept', 'web'))
      await desk.has('web', at(210))
    })

    it('is kept also when the Service was deleted while no controller ran', async () => {
      await desk.replaceController(() => operator.kubectl('delete', 'service', 'web', '--wait=false'))
      await desk.becomes('kept', 'retains one', ({ status }) => status?.ipv4?.retained === 1)
      expect(await desk.addressNow('third')).toBeUndefined()
    })

    it('goes to the one that waits as soon as the pool retains no longer', async () => {
      await desk.edit('kept', { retain: '0s' })
      await desk.has('third', at(210))
    })

    it('goes to the one that waits when its time is over, without anybody doing anything', async () => {
      await operator.apply(of('kept', 'fourth'))
      await desk.edit('kept', { retain: '6s' })
      await desk.said('fourth', 'False ')
      await remove('third')
      await desk.becomes('kept', 'retains one', ({ status }) => status?.ipv4?.retained === 1)
      await desk.has('fourth', at(210))
    })
  })
})
