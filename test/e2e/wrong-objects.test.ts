import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from './ground.ts'
import { Operator } from './operator.ts'
import { wrongPools, wrongSpeakers } from './wrong-objects.ts'

let cluster: Cluster
let operator: Operator

beforeAll(async () => {
  cluster = await openCluster(1)
  operator = new Operator(cluster)
})
afterAll(() => cluster?.close())

describe.each([
  ['AddressPool', wrongPools],
  ['Speaker', wrongSpeakers],
])('kubectl apply of %s', (kind, rows) => {
  it.each(rows)('that $wrong is refused with words that name it', async ({ spec, words }) => {
    const object = { apiVersion: 'lanlord.dev/v1beta1', kind, metadata: { name: 'wrong' }, spec }
    await expect(operator.apply(JSON.stringify(object))).rejects.toThrow(words)
  })

  it('has been tried with twenty wrong ones, and none of them is stored', async () => {
    expect(rows).toHaveLength(20)
    expect(await operator.kubectl('get', kind.toLowerCase(), '-o', 'name')).not.toContain('wrong')
  })
})
