import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addressOf, eventually, Ground, own, said, services } from './ground.ts'

let ground: Ground

beforeEach(async () => {
  ground = await Ground.start()
})
afterEach(() => ground[Symbol.asyncDispose]())

function saidOf(name: string, expected: string): Promise<string> {
  return eventually(`${name}: ${expected}`, async () => {
    const service = await ground.request('GET', `${services}/${name}`)
    const text = said(service, 'lanlord.dev/Allocated')
    return text.includes(expected) ? text : undefined
  })
}

describe('the address of a Service that is gone', () => {
  /** A pool of one address, which web had until it was deleted. */
  async function freed(spec: object, isRunning = true): Promise<void> {
    const controller = ground.controller()
    await ground.node('n1')
    await ground.pool('lab', ['10.0.0.200'], spec)
    await ground.service('web')
    await saidOf('web', '10.0.0.200')
    await eventually('n1 is to announce it', async () => {
      return (await ground.request('GET', `${own}/speakers/n1`)).spec?.addresses?.length === 1
    })
    if (!isRunning) await controller.end('SIGKILL')
    await ground.request('DELETE', `${services}/web`)
    if (isRunning) await ground.remembers('lab', 'default/web')
    if (isRunning) await controller.end('SIGKILL')
  }

  async function isKeptFor(name: string): Promise<void> {
    await ground.service('other')
    await saidOf('other', 'False')
    await ground.service('asks', { 'lanlord.dev/addresses': '10.0.0.200' })
    expect(await saidOf('asks', 'False AddressReserved')).toContain(`default/${name}`)
    await ground.service(name)
    await saidOf(name, '10.0.0.200')
  }

  test('is kept for it over the death of the controller', async () => {
    await freed({ retain: '1h' })
    ground.controller()
    await isKeptFor('web')
  })

  test('is kept for it though it was deleted while no controller ran', async () => {
    await freed({ retain: '1h' }, false)
    ground.controller()
    await ground.remembers('lab', 'default/web')
    await isKeptFor('web')
  })

  test('is given to one that waits when its time is over, also when that was while no controller ran', async () => {
    await freed({ retain: '2s' })
    await ground.service('other')
    ground.controller()
    await saidOf('other', '10.0.0.200')
  })

  test('is known to the next controller even when the last one was told to end that moment', async () => {
    const first = ground.controller()
    await ground.pool('lab', ['10.0.0.200-10.0.0.209'], { retain: '1h' })
    for (const name of ['a', 'b', 'c']) await ground.service(name)
    await saidOf('c', '10.0.0.202')
    for (const name of ['a', 'b', 'c']) await ground.request('DELETE', `${services}/${name}`)
    expect(await first.end('SIGTERM')).toBe(0)
    ground.controller()
    await ground.service('wants-b', { 'lanlord.dev/addresses': '10.0.0.201' })
    expect(await saidOf('wants-b', 'False AddressReserved')).toContain('default/b')
  })
})

test('a pool whose Services were all deleted while no controller ran is let go by the next one', async () => {
  const first = ground.controller()
  await ground.pool('lab', ['10.0.0.200'])
  await ground.service('web')
  await saidOf('web', '10.0.0.200')
  await ground.marked('lab')
  await first.end('SIGKILL')
  await ground.request('DELETE', `${own}/addresspools/lab`)
  await ground.request('DELETE', `${services}/web`)
  ground.controller()
  await eventually('lab is gone', async () => (await ground.list(`${own}/addresspools`)).length === 0)
})

test('a pool in use that is deleted while no controller runs keeps its Services', async () => {
  const first = ground.controller()
  await ground.pool('lab', ['10.0.0.200-10.0.0.201'])
  await ground.service('web')
  await saidOf('web', '10.0.0.200')
  await ground.marked('lab')
  await first.end('SIGKILL')
  await ground.request('DELETE', `${own}/addresspools/lab`)
  ground.controller()
  await ground.service('late')
  await saidOf('late', 'PoolDisabled')
  expect(addressOf(await ground.request('GET', `${services}/web`))).toBe('10.0.0.200')
  await ground.pool('heir', ['10.0.0.200-10.0.0.201'])
  await saidOf('web', '10.0.0.200 from AddressPool heir')
  await saidOf('late', '10.0.0.201 from AddressPool heir')
  const names = async () => (await ground.list(`${own}/addresspools`)).map(({ metadata }) => metadata.name)
  await eventually('lab is gone', async () => (await names()).join() === 'heir')
})

test('an address that stands in quarantine when the controller starts is given to nobody, and whose it is stays there', async () => {
  const quarantine = [{ address: '10.0.0.200', mac: '02:00:00:00:00:09', seen: '2024-01-01T00:00:00Z' }]
  await ground.pool('lab', ['10.0.0.200-10.0.0.201'])
  await ground.request('PATCH', `${own}/addresspools/lab/status`, { status: { quarantine } })
  await ground.service('any')
  await ground.service('asks', { 'lanlord.dev/addresses': '10.0.0.200' })
  ground.controller()
  await saidOf('any', '10.0.0.201 from AddressPool lab')
  expect(await saidOf('asks', 'False AddressConflict')).toContain('02:00:00:00:00:09')
  await eventually('lab counts it', async () => {
    const { status } = await ground.request('GET', `${own}/addresspools/lab`)
    const use = { total: 2, allocated: 1, retained: 0, quarantined: 1, available: 0 }
    return JSON.stringify(status?.ipv4) === JSON.stringify(use) && JSON.stringify(status).includes(':09')
  })
})
