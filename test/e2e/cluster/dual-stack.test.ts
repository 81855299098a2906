import { isIPv4 } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from '../ground.ts'
import { Operator } from '../operator.ts'
import { UserShell } from './user-shell.ts'
import { walkPage } from './walk-page.ts'

interface DualStackService {
  readonly spec: { readonly clusterIPs: readonly string[]; readonly ipFamilies: readonly string[] }
  readonly status: {
    readonly loadBalancer: { readonly ingress?: readonly { readonly ip: string; readonly ipMode: string }[] }
    readonly conditions?: readonly {
      readonly type: string
      readonly reason: string
      readonly message: string
    }[]
  }
}

const service = (name: string, policy: string, families: readonly string[], pool: string): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, annotations: { lanlord.dev/pool: ${pool} } }
spec:
  type: LoadBalancer
  ipFamilyPolicy: ${policy}
  ipFamilies: ${JSON.stringify(families)}
  selector: { app.kubernetes.io/name: both }
  ports: [{ name: http, port: 80, targetPort: http }]
`

describe('a dual-stack cluster', () => {
  let cluster: Cluster
  let operator: Operator
  let shell: UserShell

  beforeAll(async () => {
    cluster = await openCluster(3, { dualStack: true })
    operator = new Operator(cluster)
    shell = new UserShell(cluster)
  })
  afterAll(async () => {
    shell?.[Symbol.dispose]()
    await cluster?.close()
  })

  walkPage('dual-stack.md', () => shell)

  /** The Service, once it has addresses or a reason for having none. */
  const decided = (name: string): Promise<DualStackService> =>
    operator.eventually(`Service ${name} has an answer`, async () => {
      const found = await operator.get<DualStackService>('service', name)
      return found.status.conditions?.some(({ type }) => type === 'lanlord.dev/Allocated') ? found : undefined
    })

  const addressesOf = ({ status }: DualStackService): readonly string[] =>
    (status.loadBalancer.ingress ?? []).map(({ ip }) => ip)

  it('a Service has cluster IPs and LoadBalancer addresses of both families, all with ipMode VIP', async () => {
    const both = await decided('both')
    expect(both.spec.ipFamilies).toEqual(['IPv4', 'IPv6'])
    expect(both.spec.clusterIPs.map(isIPv4)).toEqual([true, false])
    expect(addressesOf(both).map(isIPv4)).toEqual([true, false])
    expect(both.status.loadBalancer.ingress?.map(({ ipMode }) => ipMode)).toEqual(['VIP', 'VIP'])
  })

  it.each([
    ['prefer-46', 'PreferDualStack', ['IPv4', 'IPv6'], [true, false]],
    ['prefer-64', 'PreferDualStack', ['IPv6', 'IPv4'], [false, true]],
    ['single-6', 'SingleStack', ['IPv6'], [false]],
    ['single-4', 'SingleStack', ['IPv4'], [true]],
  ] as const)('%s: %s of %j gets addresses in that order', async (name, policy, families, areIpv4) => {
    await operator.apply(service(name, policy, families, 'both'))
    expect(addressesOf(await decided(name)).map(isIPv4)).toEqual(areIpv4)
  })

  it('from a pool of one family, Prefer gets what there is, and Require waits and says for what', async () => {
    await shell.run('kubectl apply -f examples/01-pool.yaml')
    await operator.apply(service('prefer-lan', 'PreferDualStack', ['IPv4', 'IPv6'], 'lan'))
    await operator.apply(service('require-lan', 'RequireDualStack', ['IPv4', 'IPv6'], 'lan'))
    expect(addressesOf(await decided('prefer-lan')).map(isIPv4)).toEqual([true])
    const refused = await decided('require-lan')
    expect(addressesOf(refused)).toEqual([])
    expect(refused.status.conditions?.map(({ reason }) => reason)).toContain('FamilyUnavailable')
  })

  it('the client reaches every address, and each Service says that all of its own are announced', async () => {
    for (const name of ['both', 'prefer-46', 'prefer-64', 'single-6', 'single-4', 'prefer-lan']) {
      for (const address of addressesOf(await decided(name))) await operator.reaches(address)
      await operator.eventually(`Service ${name} says so`, async () => {
        const { status } = await operator.get<DualStackService>('service', name)
        return status.conditions?.some(({ reason }) => reason === 'Announced') || undefined
      })
    }
  })
})
