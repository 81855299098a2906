import { afterEach, describe, expect, test } from 'vitest'
import { run } from '../../../src/sandbox/lan/command.ts'
import { until } from '../../../src/sandbox/until.ts'
import { isAlive, leftOf, SandboxProcess } from '../sandbox-process.ts'

interface Description {
  readonly kubeconfig: string
  readonly subnet: string
  readonly client: { readonly exec: readonly string[] }
  readonly nodes: readonly { readonly name: string; readonly interface: string; readonly speakerPid: null }[]
  readonly controllerPid: null
  readonly apiServerPid: number
}

const closing: AsyncDisposable[] = []

afterEach(async () => {
  for (const one of closing.splice(0)) await one[Symbol.asyncDispose]()
})

const bare = ['--ground', 'cluster', '--lanlord=false', '--json', '--nodes', '1']

function start(...args: readonly string[]): SandboxProcess {
  const started = new SandboxProcess([...bare, ...args])
  closing.push(started)
  return started
}

async function describedBy(sandbox: SandboxProcess): Promise<Description> {
  return JSON.parse(await sandbox.firstLine(120_000)) as Description
}

async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const timeoutMs = 60_000
  await until(() => Promise.resolve(isSo()), { describe: () => `waiting until ${what}`, timeoutMs })
}

async function nothingIsLeftOf(pid: number | undefined): Promise<void> {
  await until(() => Promise.resolve(leftOf(pid).length === 0), {
    describe: () => `waiting until nothing is left of: ${leftOf(pid).join(', ')}`,
    timeoutMs: 30_000,
  })
}

describe('a sandbox on the ground cluster', () => {
  test('prints the same line of JSON, and kubectl of this machine works with it', async () => {
    const sandbox = start()
    const { kubeconfig, nodes, apiServerPid, subnet } = await describedBy(sandbox)
    expect(subnet).toMatch(/^10\.77\.\d+\.0\/24$/)
    expect(nodes).toMatchObject([{ name: 'node-1', interface: 'eth0', speakerPid: null }])
    expect(isAlive(apiServerPid)).toBe(true)
    const version = await run(['kubectl', `--kubeconfig=${kubeconfig}`, 'get', 'nodes', '-o', 'wide'])
    expect(version).toMatch(/node-1 +Ready .*v1\.36\..*10\.77\.\d+\.11.*containerd/)
    expect(await readLinks()).not.toMatch(/node-\d|cni0|mgmt0|br0|br1/)
    expect(await sandbox.end('SIGINT')).toBe(0)
    expect(leftOf(sandbox.child.pid)).toEqual([])
  })

  test('leaves nothing behind when it is stopped while it starts', async () => {
    const sandbox = start()
    await eventually('it makes cgroups', () => leftOf(sandbox.child.pid).some((one) => one.startsWith('freezer')))
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await sandbox.end('SIGINT')
    expect(sandbox.output).toBe('')
    expect(leftOf(sandbox.child.pid)).toEqual([])
  })

  test('leaves nothing behind when it is killed, with Pods running and a node frozen', async () => {
    const sandbox = start()
    const { kubeconfig } = await describedBy(sandbox)
    await run(['kubectl', `--kubeconfig=${kubeconfig}`, 'create', 'deployment', 'web', '--image=lanlord.dev/web'])
    await run(['kubectl', `--kubeconfig=${kubeconfig}`, 'rollout', 'status', 'deployment', 'web'])
    await run(['sh', '-c', `echo FROZEN > /sys/fs/cgroup/freezer/${nameOf(sandbox)}-node-1/freezer.state`])
    await sandbox.end('SIGKILL')
    await nothingIsLeftOf(sandbox.child.pid)
  })

  test('stands beside another one, with nothing in common', async () => {
    const both = [start(), start()] as const
    const [one, other] = await Promise.all(both.map(describedBy))
    expect(one?.subnet).not.toBe(other?.subnet)
    await both[0].end('SIGINT')
    expect(await run(['kubectl', `--kubeconfig=${other?.kubeconfig}`, 'get', 'nodes'])).toContain('Ready')
  })

  test('says what is missing in one line, and ends with exit code 2', async () => {
    const sandbox = new SandboxProcess(bare, { env: { PATH: '/usr/bin:/bin' } })
    closing.push(sandbox)
    expect(await sandbox.exitCode()).toBe(2)
    expect(sandbox.words).toMatch(/^lanlord sandbox: a real cluster cannot run here; missing: .*nftables.*\n$/)
  })
})

function nameOf({ child }: SandboxProcess): string {
  const made = leftOf(child.pid).find((one) => one.startsWith('freezer/')) ?? ''
  return made.replace(/^freezer\/(.*)-node-\d+$/, '$1')
}

function readLinks(): Promise<string> {
  return run(['cat', '/proc/net/dev'])
}
