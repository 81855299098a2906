import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from '../ground.ts'
import { Installation } from '../installation.ts'
import { pool, service } from '../manifests.ts'
import { Operator } from '../operator.ts'
import { attempts, needed, type Attempt, type Thief } from './stolen-tokens.ts'
import { TokenClient, type ApiAnswer } from './token-client.ts'

const foreign = service('foreign').replace('spec:', 'spec:\n  loadBalancerClass: lanlord.dev/another')

const thieves = Object.keys(attempts) as readonly Thief[]

/** The table of what was refused, for people. */
class Report {
  readonly #rows: string[] = []

  note(thief: Thief, { what, method, path }: Attempt, { status, message }: ApiAnswer): void {
    const words = message.replace(/^.*denied request: /, '').replaceAll('|', '\\|')
    const refused = message.includes('ValidatingAdmissionPolicy') ? 'policy' : 'RBAC'
    this.#rows.push(`| ${thief} | ${what} | \`${method} ${path}\` | ${status} | ${refused} | ${words} |`)
  }

  write(file: string): void {
    const head =
      '| token of | tried to | request | answer | refused by | in words |\n| - | - | - | - | - | - |'
    mkdirSync('reports', { recursive: true })
    writeFileSync(file, `${head}\n${this.#rows.join('\n')}\n`)
  }
}

describe('somebody with a stolen token', () => {
  let cluster: Cluster
  let operator: Operator
  let installation: Installation
  let client: TokenClient
  const tokens = new Map<Thief, string>()
  const report = new Report()

  beforeAll(async () => {
    cluster = await fakeCluster()
    operator = new Operator(cluster)
    installation = new Installation(operator)
    await operator.apply(pool(cluster, 'lab', 200, 209), service('web'), foreign)
    
    
    client = new TokenClient(cluster.kubeconfig)
    tokens.set('speaker', await tokenOf('speaker', await podOn('node-1')))
    tokens.set('speaker without a pod', await tokenOf('speaker'))
    const [leader] = await installation.pods('controller')
    tokens.set('controller', await tokenOf('controller', leader?.metadata.name))
  })
  afterAll(async () => {
    report.write('reports/refused.md')
    await client?.[Symbol.asyncDispose]()
    await cluster?.close()
  })

  async function podOn(node: string): Promise<string> {
    const pods = await installation.pods('speaker')
    return pods.find(({ spec }) => spec.nodeName === node)?.metadata.name ?? ''
  }

  /** As the kubelet asks for it when it mounts it. */
  async function tokenOf(component: 'controller' | 'speaker', pod?: string): Promise<string> {
    const bound = pod === undefined ? [] : ['--bound-object-kind=Pod', `--bound-object-name=${pod}`]
    return (await installation.kubectl('create', 'token', `lanlord-${component}`, ...bound)).trim()
  }

  const tokenFor = (thief: Thief): string => tokens.get(thief) ?? ''

  it.each(['speaker', 'controller'] as const)('a %s is allowed what it needs', async (program) => {
    const answers = await Promise.all(needed[program].map((each) => client.ask(tokenFor(program), each)))
    const refused = answers.filter(({ status }) => status >= 300)
    expect(refused).toEqual([])
  })

  it.each(['speaker', 'controller'] as const)(
    'no %s of this installation was ever refused anything',
    async (program) => {
      const pods = await installation.pods(program)
      const logs = await Promise.all(pods.map(({ metadata }) => installation.logsOf(metadata.name)))
      expect(
        logs
          .join('')
          .split('\n')
          .filter((line) => /forbidden|\b403\b/i.test(line)),
      ).toEqual([])
    },
  )

  describe.each(thieves)('of a %s', (thief) => {
    it.each(attempts[thief])('cannot $what', async (attempt) => {
      const answer = await client.ask(tokenFor(thief), attempt)
      report.note(thief, attempt, answer)
      const by = attempt.refusedBy === 'policy' ? 'ValidatingAdmissionPolicy' : ' cannot '
      expect(answer).toEqual({ status: 403, message: expect.stringContaining(by) })
    })
  })

  it('changes no more than the status by writing the status of its own Speaker', async () => {
    const path = '/apis/lanlord.dev/v1beta1/speakers/node-1/status'
    const body = {
      metadata: { labels: { stolen: 'yes' }, finalizers: ['a.example/b'] },
      spec: { revision: 99 },
    }
    const { status } = await client.ask(tokenFor('speaker'), { method: 'PATCH', path, body })
    expect(status).toBe(200)
    const { metadata, spec } = await operator.get<Record<string, Record<string, unknown>>>(
      'speaker',
      'node-1',
    )
    expect(metadata).not.toHaveProperty('labels')
    expect(metadata).not.toHaveProperty('finalizers')
    expect(spec?.['revision']).not.toBe(99)
  })

  it('has no use for the token of a pod that is gone', async () => {
    const pod = await podOn('node-2')
    const token = await tokenOf('speaker', pod)
    const request = { method: 'GET', path: '/apis/lanlord.dev/v1beta1/speakers' } as const
    expect(await client.ask(token, request)).toMatchObject({ status: 200 })
    await installation.kubectl('delete', 'pod', pod)
    await operator.eventually('the token is refused', async () => {
      return (await client.ask(token, request)).status === 401 || undefined
    })
  })
})
async function fakeCluster(): Promise<Cluster> {
  return { ground: 'embedded', directory: '/tmp/chart-helm', subnet: '10.77.0.0/24', kubeconfig: process.env['SCRATCH'], client: { exec: [] }, close: async () => {} } as unknown as Cluster
}
