import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiVersion } from '../../src/core/api/group.ts'
import { Api } from '../../src/platform/kubernetes/api.ts'
import { loadConfig } from '../../src/platform/kubernetes/config.ts'
import { openCluster, type Cluster } from './ground.ts'
import { pool, service } from './manifests.ts'
import { Operator } from './operator.ts'
import { PoolDesk } from './pool-desk.ts'
import { pathOf, refusalOf } from './refusals.ts'
import { olderPool, unsoundPools } from './unsound-pools.ts'
import { wrongNames, wrongTypes } from './wrong-names.ts'
import { wrongPools, wrongSpeakers } from './wrong-objects.ts'
import { wrongPoolFields } from './wrong-pools.ts'
import { wrongSpeakerFields } from './wrong-speakers.ts'
import { wrongPoolStatuses, wrongSpeakerStatuses } from './wrong-statuses.ts'

let cluster: Cluster
let operator: Operator
let desk: PoolDesk
let api: Api

const object = (name: string, spec: object): object => ({
  apiVersion,
  kind: 'AddressPool',
  metadata: { name },
  spec,
})

beforeAll(async () => {
  cluster = await openCluster(1)
  operator = new Operator(cluster)
  desk = new PoolDesk(operator)
  api = new Api(await loadConfig({ kubeconfig: cluster.kubeconfig }))
  await operator.apply(pool(cluster, 'good', 200, 239))
  await desk.condition('good', 'Ready', 'Accepted')
})
afterAll(async () => {
  await api?.close()
  await cluster?.close()
})

let served = 0

/** Whatever was refused or told: a Service that is new gets an address, and those before it keep theirs. */
async function othersWorkOn(): Promise<void> {
  served++
  await operator.apply(service(`web-${served}`, { annotations: { 'lanlord.dev/pool': 'good' } }))
  const had = [...Array(served).keys()].map((index) => `.${200 + index}`)
  for (const [index, end] of had.entries()) {
    expect(await operator.addressOf(`web-${index + 1}`)).toMatch(new RegExp(`\\${end}$`))
  }
}

describe.each([
  ['AddressPool', wrongPools],
  ['Speaker', wrongSpeakers],
])('kubectl apply of %s', (kind, rows) => {
  it.each(rows)('that $wrong is refused with words that name it', async ({ spec, words }) => {
    const wrong = { apiVersion, kind, metadata: { name: 'wrong' }, spec }
    await expect(operator.apply(JSON.stringify(wrong))).rejects.toThrow(words)
  })

  it('has been tried with twenty wrong ones, and none of them is stored', async () => {
    expect(rows).toHaveLength(20)
    expect(await operator.kubectl('get', kind.toLowerCase(), '-o', 'name')).not.toContain('wrong')
  })
})

it.each(wrongTypes)('kubectl apply of what is no kind: $says', async ({ object: wrong, says }) => {
  await expect(operator.apply(JSON.stringify(wrong))).rejects.toThrow(says)
})

describe.each([
  ["an AddressPool's spec", wrongPoolFields],
  ["an AddressPool's status", wrongPoolStatuses],
  ["a Speaker's spec", wrongSpeakerFields],
  ["a Speaker's status", wrongSpeakerStatuses],
  ['the names of both', wrongNames],
])('the API server refuses of %s', (_, rows) => {
  it.each(rows)('$path that $wrong', async (row) => {
    const there = row.kind === 'AddressPool' ? 'good' : (cluster.nodes[0]?.name ?? '')
    const words = await refusalOf(api, row, there)
    expect(words).toContain(row.says)
    // Of the metadata the words name the field themselves, and a status is looked at by itself.
    if (!row.path.startsWith('metadata')) expect(words).toContain(row.named.replace(/^status\./, ''))
  })

  it('all of that, and a Service gets an address as ever', othersWorkOn)
})

describe('an AddressPool that is stored and', () => {
  beforeAll(async () => {
    await operator.apply(JSON.stringify(object(olderPool.name, olderPool.spec)))
    await desk.condition(olderPool.name, 'Ready', 'Accepted')
  })

  it.each(unsoundPools)('$wrong says so in its condition $type', async ({ spec, type, reason, says }) => {
    await api.request('POST', pathOf('AddressPool'), { body: object('unsound', spec) })
    const { status, message } = await desk.condition('unsound', type, reason)
    expect([status, message]).toEqual(['False', expect.stringContaining(says)])
    await api.request('DELETE', pathOf('AddressPool', 'unsound'))
    await desk.gone('unsound')
  })

  it('says so beside others leaves those as they are, and a Service gets an address as ever', async () => {
    const chosen = ['Overlaps', 'InvalidAddresses', 'MatchesNothing'].flatMap((reason) => {
      return unsoundPools.filter((each) => each.reason === reason).slice(0, 1)
    })
    for (const [index, { spec, type, reason }] of chosen.entries()) {
      await operator.apply(JSON.stringify(object(`unsound-${index}`, spec)))
      await desk.condition(`unsound-${index}`, type, reason)
    }
    await othersWorkOn()
    await desk.condition('good', 'Ready', 'Accepted')
    await desk.condition(olderPool.name, 'Ready', 'Accepted')
  })
})

it('a Speaker that somebody gave addresses that are none is put right, and a Service gets an address as ever', async () => {
  const path = pathOf('Speaker', cluster.nodes[0]?.name)
  const addresses = ['...', '::::', '999.9.9.9', 'fe80'].map((address) => {
    return { address, revision: 2 ** 47, pool: 'none', services: ['no/one', '/', ''] }
  })
  await api.request('PATCH', path, { body: { spec: { revision: 2 ** 47, addresses } } })
  await othersWorkOn()
  await operator.eventually('the Speaker announces what is held only', async () => {
    const { spec } = await api.request<{ spec: { addresses?: readonly { address: string }[] } }>('GET', path)
    return spec.addresses?.every(({ address }) => /\.2\d\d$/.test(address)) || undefined
  })
})
