import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from '../ground.ts'
import { networkOf } from '../manifests.ts'
import { Operator } from '../operator.ts'
import { UserShell } from './user-shell.ts'
import { walkPage } from './walk-page.ts'

interface SecretObject {
  readonly data: Readonly<Record<string, string>>
}

/** Kinds of objects that belong to no namespace. */
const clusterWide = [
  'customresourcedefinitions',
  'clusterroles',
  'clusterrolebindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'namespaces',
]

describe('Lanlord comes and goes', () => {
  let cluster: Cluster
  let operator: Operator
  let shell: UserShell
  let address: string
  let key: string | undefined

  beforeAll(async () => {
    cluster = await openCluster(3, { lanlord: false })
    operator = new Operator(cluster)
    shell = new UserShell(cluster)
  })
  afterAll(async () => {
    shell?.[Symbol.dispose]()
    await cluster?.close()
  })

  const keyOf = async (name: 'current' | 'previous'): Promise<string | undefined> => {
    const secret = await operator.get<SecretObject>(
      'secret',
      'lanlord-heartbeat',
      '--namespace=lanlord-system',
    )
    return secret.data[name]
  }

  const theAddressStays = async (): Promise<void> => expect(await operator.addressOf('web')).toBe(address)

  /** Answered by ARP, and by a Pod. */
  async function allIsWell(): Promise<void> {
    await theAddressStays()
    await operator.settled()
    await operator.asClient('ip', 'neigh', 'flush', 'dev', 'eth0')
    await operator.reaches(address)
  }

  walkPage('install.md', () => shell, {
    'helm install': async () => {
      key = await keyOf('current')
    },
    'kubectl apply -f examples/01-pool.yaml': async () => {
      address = await operator.addressOf('web')
      await shell.run('kubectl apply -f examples/03-choose-an-address.yaml')
      expect(await operator.addressOf('chosen')).toBe(`${networkOf(cluster)}.207`)
    },
    'helm upgrade lanlord charts/lanlord --namespace lanlord-system --reuse-values --set logLevel':
      async () => {
        expect(await keyOf('current')).toBe(key)
        await allIsWell()
      },
    'helm upgrade lanlord charts/lanlord --namespace lanlord-system --reuse-values --set heartbeat':
      async () => {
        expect(await keyOf('previous')).toBe(key)
        expect(await keyOf('current')).not.toBe(key)
        await allIsWell()
      },
    'helm uninstall': async () => {
      await theAddressStays()
      await operator.eventually('nobody answers by ARP any more', async () => {
        await operator.asClient('ip', 'neigh', 'flush', 'dev', 'eth0')
        return operator.curl(address).then(
          () => undefined,
          () => true,
        )
      })
    },
    'kubectl apply -f deploy/namespace.yaml': allIsWell,
  })

  it('nothing of it is left in the end', async () => {
    const names = await operator.kubectl('get', clusterWide.join(','), '--output=name')
    expect(names.split('\n').filter((name) => name.includes('lanlord'))).toEqual([])
  })
})
