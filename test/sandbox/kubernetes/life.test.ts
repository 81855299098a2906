import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { run } from '../../../src/sandbox/lan/command.ts'
import { openPlayground } from '../../../src/sandbox/open-playground.ts'
import { packageRoot } from '../../../src/sandbox/package-root.ts'
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

interface Refusal {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
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
  const timeoutMs = 240_000
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
    await eventually('it makes cgroups', () =>
      leftOf(sandbox.child.pid).some((one) => one.startsWith('freezer')),
    )
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await sandbox.end('SIGINT')
    expect(sandbox.output).toBe('')
    expect(leftOf(sandbox.child.pid)).toEqual([])
  })

  test('leaves nothing behind when it is killed, with Pods running and a node frozen', async () => {
    const sandbox = start()
    const { kubeconfig } = await describedBy(sandbox)
    await run([
      'kubectl',
      `--kubeconfig=${kubeconfig}`,
      'create',
      'deployment',
      'web',
      '--image=lanlord.dev/web',
    ])
    await run(['kubectl', `--kubeconfig=${kubeconfig}`, 'rollout', 'status', 'deployment', 'web'])
    await run(['sh', '-c', `echo FROZEN > /sys/fs/cgroup/freezer/${nameOf(sandbox)}-node-1/freezer.state`])
    await sandbox.end('SIGKILL')
    await nothingIsLeftOf(sandbox.child.pid)
  })

  test('leaves nothing behind when it is killed while it starts', async () => {
    const sandbox = start()
    await eventually('it makes cgroups', () =>
      leftOf(sandbox.child.pid).some((one) => one.startsWith('freezer')),
    )
    await sandbox.end('SIGKILL')
    await nothingIsLeftOf(sandbox.child.pid)
  })

  test('that cannot start in time says what each program said last, and leaves nothing behind', async () => {
    const before = leftOf(process.pid)
    const starting = openPlayground({ ground: 'cluster', nodes: 1, lanlord: false, readyWithinMs: 10 })
    const trouble = await starting.then(String, (error: Error) => error.message)
    expect(trouble).toMatch(/^waiting for .*: not after 0\.01 s$/s)
    expect(trouble).toContain('kube-apiserver: ')
    expect(leftOf(process.pid)).toEqual(before)
  })

  test('that has a program which keeps ending names it, and leaves nothing behind', async () => {
    const before = leftOf(process.pid)
    const programs = await mkdtemp(join(tmpdir(), 'programs-'))
    await writeFile(join(programs, 'control-agent.js'), 'console.log("the disk is full"); process.exit(1)')
    await expect(openPlayground({ ground: 'cluster', nodes: 1, lanlord: false, programs })).rejects.toThrow(
      /^control-agent ended 3 times; its last words: .*the disk is full/s,
    )
    await rm(programs, { recursive: true })
    expect(leftOf(process.pid)).toEqual(before)
  })

  test('stands beside another one, with nothing in common', async () => {
    const both = [start(), start()] as const
    const [one, other] = await Promise.all(both.map(describedBy))
    expect(one?.subnet).not.toBe(other?.subnet)
    await both[0].end('SIGINT')
    expect(await run(['kubectl', `--kubeconfig=${other?.kubeconfig}`, 'get', 'nodes'])).toContain('Ready')
  })

  test.each([
    ['setpriv --reuid 65534 --clear-groups', 'missing: root\n'],
    ['unshare --user --map-root-user', 'missing: root\n'],
    ['setpriv --bounding-set -sys_admin', 'missing: CAP_SYS_ADMIN\n'],
    [
      'env PATH=/nowhere',
      'on Debian, as root: apt-get update && apt-get install -y --no-install-recommends iproute2',
    ],
  ])('says what is missing in one line, and ends with exit code 2: %s', async (prefix, words) => {
    const argv = [...prefix.split(' '), process.execPath, join(packageRoot(), 'dist/sandbox.js'), ...bare]
    const [program = '', ...args] = argv
    const refused = await promisify(execFile)(program, args).catch((error: Refusal) => error)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^lanlord sandbox: a real cluster cannot run here; .*\n$/)
    expect(refused.stderr).toContain(words)
  })

  test.each([
    [['--proxy-mode=iptables'], '--proxy-mode is for --ground cluster alone'],
    [['--ground=cluster', '--speakers=false'], '--speakers is for --ground embedded alone'],
    [['--ground=moon'], 'Allowed choices are embedded, cluster'],
  ])('refuses %j with the reason and exit code 2', async (args, reason) => {
    const sandbox = new SandboxProcess(args)
    expect(await sandbox.exitCode()).toBe(2)
    expect(sandbox.words).toContain(reason)
  })
})

function nameOf({ child }: SandboxProcess): string {
  const made = leftOf(child.pid).find((one) => one.startsWith('freezer/')) ?? ''
  return made.replace(/^freezer\/(.*)-node-\d+$/, '$1')
}

function readLinks(): Promise<string> {
  return run(['cat', '/proc/net/dev'])
}
