import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { render } from '../../chart/helm.ts'
import { valueSets } from '../../chart/value-sets.ts'
import { watchBothSides } from '../both-sides.ts'
import { openCluster, type Cluster } from '../ground.ts'
import { Installation } from '../installation.ts'
import { pool, service, workload } from '../manifests.ts'
import { Operator } from '../operator.ts'
import { objectionsTo } from './dry-run.ts'

/** A kubelet brings a changed Secret into a running pod within a minute or two. */
const secretWithinMs = 180_000

const release = ['lanlord', 'charts/lanlord', '--namespace', 'lanlord-system']

interface SecretObject {
  readonly data: { readonly current: string; readonly previous?: string }
}

describe('the chart on a cluster', () => {
  let cluster: Cluster
  let operator: Operator
  let installation: Installation
  let address: string
  let firstKey: string

  beforeAll(async () => {
    cluster = await openCluster(3, { lanlord: false })
    operator = new Operator(cluster)
    installation = new Installation(operator)
    await operator.kubectl('apply', '--server-side', '-f', 'deploy/namespace.yaml')
  })
  afterAll(() => cluster?.close())

  const helm = (...args: readonly string[]): Promise<string> => operator.run('helm', ...args)

  const upgrade = (...settings: readonly string[]): Promise<string> =>
    helm('upgrade', ...release, ...settings.flatMap((setting) => ['--set', setting]))

  const keys = async (): Promise<SecretObject['data']> =>
    (await operator.get<SecretObject>('secret', 'lanlord-heartbeat', '-n', 'lanlord-system')).data

  /** Waits until every speaker has said, after the moment, that it uses so many keys. */
  async function everySpeakerUses(words: string, since: string): Promise<void> {
    const says = async (pod: string): Promise<boolean> =>
      (await installation.kubectl('logs', pod, `--since-time=${since}`)).includes(words)
    const allSay = async (): Promise<true | undefined> => {
      const pods = await installation.pods('speaker')
      const said = await Promise.all(pods.map(({ metadata }) => says(metadata.name)))
      return said.every(Boolean) || undefined
    }
    await operator.eventually(`every speaker says: ${words}`, allSay, secretWithinMs)
  }

  /** Changes the Secret, and waits until that has come to every node, while clients use the address. */
  async function losesNothing(words: string, change: () => Promise<unknown>): Promise<void> {
    const { warm, anew, before, after } = await watchBothSides(operator, address, async () => {
      const since = new Date().toISOString()
      await change()
      await everySpeakerUses(words, since)
      await operator.settled()
    })
    console.info(
      `${warm.lost} of ${warm.sent} datagrams lost; longest silence to ARP ${anew.longestSilenceMs} ms`,
    )
    expect(warm.lost).toBe(0)
    expect(anew.doubleAnswers).toBe(0)
    expect(after).toBe(before)
  }

  /** As if it had been changed long ago. */
  const letSettle = (): Promise<string> =>
    installation.kubectl(
      'annotate',
      'secret',
      'lanlord-heartbeat',
      'lanlord.dev/heartbeat-rotated-at=1',
      '--overwrite',
      '--field-manager=helm',
    )

  it.each(valueSets)(
    'renders only what the API server takes without a warning, with %s',
    async (_, values) => {
      const objects = render({ ...values, podMonitor: { enabled: false } })
      expect(await objectionsTo(cluster, objects.map((each) => JSON.stringify(each)).join('\n---\n'))).toBe(
        '',
      )
    },
  )

  it('deploy/ holds only what the API server takes without a warning', async () => {
    expect(await objectionsTo(cluster, readFileSync('deploy/lanlord.yaml', 'utf8'))).toBe('')
  })

  it('helm install --wait ends when a Service can have an address', async () => {
    expect(await helm('install', ...release, '--wait', '--timeout=120s')).toContain('kubectl get speakers')
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(3), service('web'))
    await operator.deployed()
    address = await operator.addressOf('web')
    await operator.reaches(address)
    await operator.settled()
  })

  it('makes a key of 32 random bytes, and an upgrade keeps it', async () => {
    const { current } = await keys()
    firstKey = current
    expect(Buffer.from(current, 'base64')).toHaveLength(32)
    await upgrade('logLevel=info')
    expect(await keys()).toEqual({ current })
  })

  it('a second release is refused, for the first one has the names', async () => {
    const flags = ['second', 'charts/lanlord', '--namespace', 'second', '--create-namespace']
    await expect(helm('install', ...flags)).rejects.toThrow(/cannot be imported into the current release/)
  })

  it('a rotation puts a new key beside the old one, and nothing is lost', async () => {
    await losesNothing('two heartbeat keys are in use', () => upgrade('heartbeat.rotation=1'))
    const { current, previous } = await keys()
    expect(previous).toBe(firstKey)
    expect(current).not.toBe(firstKey)
  }, 400_000)

  it('a second rotation on the heels of the first is refused, and says how long to wait', async () => {
    const before = await keys()
    await expect(upgrade('heartbeat.rotation=2')).rejects.toThrow(/heartbeat\.rotation: .*wait \d+ s/)
    await upgrade('heartbeat.rotation=1')
    expect(await keys()).toEqual(before)
  })

  it('a later upgrade takes the old key away, and nothing is lost', async () => {
    const { current } = await keys()
    await letSettle()
    await losesNothing('two heartbeat keys are in use', () => upgrade('heartbeat.rotation=1'))
    expect(await keys()).toEqual({ current })
  }, 400_000)

  it('a rollback to before the rotation brings the old key back, and nothing is lost', async () => {
    await losesNothing('two heartbeat keys are in use', () =>
      helm('rollback', 'lanlord', '1', '-n', 'lanlord-system'),
    )
    expect(await keys()).toEqual({ current: firstKey })
  }, 400_000)

  it('helm uninstall leaves what the users made, and takes everything else', async () => {
    await helm('uninstall', 'lanlord', '--namespace', 'lanlord-system', '--wait')
    const namesOf = async (kinds: string): Promise<readonly string[]> =>
      (await operator.kubectl('get', kinds, '--all-namespaces', '--output=name'))
        .split('\n')
        .filter(
          (name) => name.includes('lanlord') || name.startsWith('addresspool') || name.startsWith('speaker'),
        )
    expect(await namesOf('customresourcedefinitions,addresspools,speakers,leases')).toEqual([
      'customresourcedefinition.apiextensions.k8s.io/addresspools.lanlord.dev',
      'customresourcedefinition.apiextensions.k8s.io/speakers.lanlord.dev',
      'addresspool.lanlord.dev/lab',
      ...cluster.nodes.map(({ name }) => `speaker.lanlord.dev/${name}`),
      'lease.coordination.k8s.io/lanlord-controller',
    ])
    const taken =
      'secrets,serviceaccounts,pods,daemonsets,deployments,roles,rolebindings,clusterroles,clusterrolebindings,poddisruptionbudgets,validatingadmissionpolicies,validatingadmissionpolicybindings'
    await operator.eventually('everything else is gone', async () => {
      return (await namesOf(taken)).length === 0 || undefined
    })
    expect(await operator.addressOf('web')).toBe(address)
  })
})
