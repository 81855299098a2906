import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heartbeatPort } from '../../src/core/wire/heartbeat.ts'
import { openCluster, type Cluster } from './ground.ts'
import { Operator } from './operator.ts'

describe('speakers that do not hear each other as they should', () => {
  let cluster: Cluster
  let operator: Operator

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    await operator.settled()
  })
  afterAll(() => cluster?.close())

  const estrangedOf = (node: string): Promise<string> =>
    operator.kubectl(
      'get',
      'speaker',
      node,
      '-o',
      'jsonpath={range .status.estranged[*]}{.reason} {.node}{"\\n"}{end}',
    )

  /** What the node sends as heartbeats does not leave it; it hears the others all the same. */
  async function muffle(name: string): Promise<() => Promise<unknown>> {
    const node = cluster.nodes.find((each) => each.name === name)
    if (!node) throw new Error(`there is no ${name}`)
    const nft = (...argv: readonly string[]): Promise<string> => operator.at(node.exec, 'nft', ...argv)
    const hook = `{ type filter hook egress device "${node.interface}" priority 0; }`
    await nft('add', 'table', 'netdev', 'sieve')
    await nft('add', 'chain', 'netdev', 'sieve', 'out', hook)
    await nft('add', 'rule', 'netdev', 'sieve', 'out', 'udp', 'dport', String(heartbeatPort), 'drop')
    return () => nft('delete', 'table', 'netdev', 'sieve')
  }

  it('are named where a link works one way only, in the status and by an Event, until it works again', async () => {
    const unmuffle = await muffle('node-2')
    await operator.eventually('node-2 names both others', async () => {
      const told = await estrangedOf('node-2')
      return told.includes('OneWay node-1') && told.includes('OneWay node-3') ? true : undefined
    })
    expect(await estrangedOf('node-1')).toBe('')
    await operator.eventually('there is an Event on the Speaker of node-2', async () => {
      const described = await operator.kubectl('describe', 'speaker', 'node-2')
      return /PeerEstranged.*the heartbeats of node-1 come on/.test(described) ? true : undefined
    })
    await unmuffle()
    await operator.eventually('nothing is wrong any more', async () => {
      return (await estrangedOf('node-2')) === '' ? true : undefined
    })
  })
})
