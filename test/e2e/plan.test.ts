import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf, poolOf, service } from './manifests.ts'
import type { ServiceObject } from './objects.ts'
import { Operator } from './operator.ts'

const everything = 'pools,services,namespaces,nodes,endpointslices,speakers'

/** What a plan says of one Service, and what the Service says itself. */
interface Standing {
  readonly name: string
  readonly addresses: readonly string[]
  readonly reason: string | undefined
  readonly message: string | undefined
}

interface PlannedService extends Standing {
  readonly decision: string
}

describe('lanlord plan, beside the controller', () => {
  let cluster: Cluster
  let operator: Operator
  let directory: string
  const poolAt = (name: string, from: number, to: number): string =>
    poolOf(name, `${networkOf(cluster)}.${from}-${networkOf(cluster)}.${to}`)

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'lanlord-plan-'))
    cluster = await openCluster(1)
    operator = new Operator(cluster)
    await operator.apply(poolAt('lab', 200, 203))
    await operator.apply(...['one', 'two', 'three'].map((name) => service(name)))
    await Promise.all(['one', 'two', 'three'].map((name) => operator.addressOf(name)))
    const taken = `${networkOf(cluster)}.200`
    await sleep(1_000) // Of one second, Kubernetes does not say which Service is older; the controller saw it, a plan did not.
    await operator.apply(
      service('chosen', { annotations: { 'lanlord.dev/addresses': taken } }),
      service('misspelt', { annotations: { 'lanlord.dev/adresses': taken } }),
      service('elsewhere', { annotations: { 'lanlord.dev/pool': 'none' } }),
      service('late'),
    )
  })
  afterAll(async () => {
    await cluster?.close()
    rmSync(directory, { recursive: true })
  })

  /** Writes a file and answers its path. */
  function written(name: string, text: string): string {
    const path = join(directory, name)
    writeFileSync(path, text)
    return path
  }

  function planned(...files: readonly string[]): readonly PlannedService[] {
    const argv = [resolve('dist/lanlord.js'), 'plan', '-o', 'json', ...files.flatMap((file) => ['-f', file])]
    const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
    expect(status, stderr).toBeLessThan(2)
    const { services } = JSON.parse(stdout) as { readonly services: readonly PlannedService[] }
    return services.filter(({ decision }) => decision !== 'ignore')
  }

  const partsOf = ({ name, addresses, reason, message }: Standing): Standing => ({
    name,
    addresses,
    reason,
    message,
  })

  /** What the Services say, once the controller has answered all of them and says nothing new. */
  function standing(isDone: (all: readonly Standing[]) => boolean): Promise<readonly Standing[]> {
    return operator.eventually('the controller has answered every Service', async () => {
      const services = await operator.list<ServiceObject>('services')
      const all = services.map(({ metadata: { name }, status }) => {
        const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)
        const { reason, message } =
          status?.conditions?.find(({ type }) => type === 'lanlord.dev/Allocated') ?? {}
        return { name, addresses, reason, message }
      })
      const ours = all.filter(({ name }) => name !== 'kubernetes')
      return ours.every(({ reason }) => reason !== undefined) && isDone(ours) ? ours : undefined
    })
  }

  it('says of a cluster that is settled what the controller has written into it, in YAML and in JSON', async () => {
    const said = await standing((all) => all.length === 7)
    const reasons = new Set(said.map(({ reason }) => reason))
    expect(reasons).toEqual(new Set(['Assigned', 'AddressInUse', 'NoPool', 'PoolExhausted']))
    for (const form of ['yaml', 'json']) {
      const file = written(`cluster.${form}`, await operator.kubectl('get', everything, '-A', '-o', form))
      const services = planned(file)
      expect(services.map(partsOf)).toEqual(said)
      expect(services.filter(({ decision }) => decision !== 'keep' && decision !== 'refuse')).toEqual([])
    }
  })

  it('says of an edit what the controller then does', async () => {
    const edit = poolAt('lab', 202, 206)
    const expected = planned(join(directory, 'cluster.yaml'), written('edit.yaml', edit)).map(partsOf)
    await operator.apply(edit)
    const isMoved = (all: readonly Standing[]): boolean =>
      all.every(({ name, addresses }, at) => {
        return expected[at]?.name === name && addresses.join() === expected[at]?.addresses.join()
      })
    expect(await standing(isMoved)).toEqual(expected)
    expect(expected.filter(({ message }) => message?.includes('in place of'))).toHaveLength(2)
  })
})
