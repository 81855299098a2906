import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { run } from '../../src/sandbox/lan/command.ts'
import { openSandbox } from '../../src/sandbox/open-sandbox.ts'
import type { SandboxOptions } from '../../src/sandbox/options.ts'
import type { EmbeddedPids } from '../../src/sandbox/processes.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { until } from '../../src/sandbox/until.ts'
import { isAlive, leftOf, SandboxProcess } from './sandbox-process.ts'

const bare = ['--speakers=false', '--controller=false']

const closing: AsyncDisposable[] = []

afterEach(async () => {
  for (const one of closing.splice(0)) await one[Symbol.asyncDispose]()
})

function startProcess(...args: ConstructorParameters<typeof SandboxProcess>): SandboxProcess {
  const started = new SandboxProcess(...args)
  closing.push(started)
  return started
}

async function open(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await openSandbox({ nodes: 1, speakers: false, controller: false, ...options })
  closing.push(sandbox)
  return sandbox
}

async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  await until(async () => isSo(), { describe: () => `waiting until ${what}`, timeoutMs: 15_000 })
}

async function pidsIn(directory: string): Promise<EmbeddedPids> {
  return JSON.parse(await readFile(join(directory, 'pids.json'), 'utf8')) as EmbeddedPids
}

async function namesAt(sandbox: Sandbox, path: string): Promise<readonly string[]> {
  const response = await fetch(`${sandbox.server}${path}`)
  const { items } = (await response.json()) as { items: { metadata: { name: string } }[] }
  return items.map((item) => item.metadata.name)
}

describe('the sandbox as a process', () => {
  test('prints one line of JSON when it is ready, with all that is needed to use it', async () => {
    const sandbox = startProcess(['--nodes', '2', '--json', ...bare])
    const description = JSON.parse(await sandbox.firstLine()) as Record<string, unknown>
    expect(Object.keys(description)).toEqual([
      'kubeconfig',
      'subnet',
      'client',
      'nodes',
      'controllerPid',
      'apiServerPid',
    ])
    expect(description).toMatchObject({
      subnet: expect.stringMatching(/^10\.77\.\d+\.0\/24$/),
      client: { exec: expect.arrayContaining(['exec']), address: expect.stringMatching(/\.100$/) },
      nodes: [{ name: 'node-1', interface: 'eth0' }, { name: 'node-2' }],
    })
    expect(isAlive(description['apiServerPid'] as number)).toBe(true)
    expect(sandbox.output.trim().split('\n')).toHaveLength(1)
    const config = JSON.parse(await readFile(description['kubeconfig'] as string, 'utf8'))
    expect(config.clusters[0].cluster.server).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves nothing behind after %s', async (signal) => {
    const sandbox = startProcess(['--nodes', '2', '--json', ...bare])
    await sandbox.firstLine()
    expect(leftOf(sandbox.child.pid)).not.toEqual([])
    expect(await sandbox.end(signal)).toBe(0)
    expect(leftOf(sandbox.child.pid)).toEqual([])
  })

  test('leaves nothing behind after Ctrl-C, which a terminal sends to all of its processes at once', async () => {
    const sandbox = startProcess(['--nodes', '1', ...bare], { detached: true })
    await sandbox.firstLine()
    process.kill(-(sandbox.child.pid ?? 0), 'SIGINT')
    expect(await sandbox.exitCode()).toBe(0)
    expect(leftOf(sandbox.child.pid)).toEqual([])
    expect(sandbox.words).toBe('')
  })

  test('leaves nothing behind when it is stopped while it starts', async () => {
    const sandbox = startProcess(['--nodes', '3', '--json', ...bare])
    await eventually('it makes something', () => leftOf(sandbox.child.pid).length > 0)
    await sandbox.end('SIGINT')
    expect(leftOf(sandbox.child.pid)).toEqual([])
    expect(sandbox.output).toBe('')
  })

  test('takes its processes along when it is killed, and the next one sweeps up the rest', async () => {
    const killed = startProcess(['--nodes', '2', '--json', ...bare])
    await killed.firstLine()
    await killed.end('SIGKILL')
    await eventually(
      'no process is left',
      () => !leftOf(killed.child.pid).some((one) => one.startsWith('process')),
    )
    expect(leftOf(killed.child.pid)).not.toEqual([])
    await open()
    expect(leftOf(killed.child.pid)).toEqual([])
  })

  test('ends when the npm that runs it is killed', async () => {
    const script = '"$0" dist/sandbox.js --nodes 1 --json --speakers=false --controller=false & echo $!; wait'
    const env = { ...process.env, npm_lifecycle_event: 'sandbox' }
    const npm = spawn('sh', ['-c', script, process.execPath], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    npm.stdout.on('data', (text: Buffer) => (output += text.toString()))
    await eventually('it is ready', () => output.split('\n').length > 2)
    const pid = Number.parseInt(output)
    expect(isAlive(pid)).toBe(true)
    npm.kill('SIGKILL')
    await eventually('nothing is left', () => !isAlive(pid) && leftOf(pid).length === 0)
  })

  test.each([
    [['--nodes', '0'], 'a LAN has 1 to 20 nodes'],
    [['--nodes', '21'], 'a LAN has 1 to 20 nodes'],
    [['--nodes', 'three'], 'a LAN has 1 to 20 nodes'],
    [['--speakers=perhaps'], 'say true or false'],
    [['--cable'], "unknown option '--cable'"],
    [['--prepare'], '--prepare is for --ground cluster alone'],
  ])('refuses %j with the reason and exit code 2', async (args, reason) => {
    const sandbox = startProcess(args)
    expect(await sandbox.exitCode()).toBe(2)
    expect(sandbox.words).toContain(reason)
    expect(sandbox.output).toBe('')
  })

  test('says what to install where the ip command is missing', async () => {
    const sandbox = startProcess(['--json'], { env: { PATH: '/nowhere' } })
    expect(await sandbox.exitCode()).toBe(2)
    expect(sandbox.words).toContain('apt-get update && apt-get install -y iproute2')
    expect(leftOf(sandbox.child.pid)).toEqual([])
  })

  test('says what to do where neither root nor user namespaces are to be had', async () => {
    const script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$0" "$@"'
    const argv = ['-Ur', 'sh', '-c', script, process.execPath, 'dist/sandbox.js', '--json']
    const refused = await run(['unshare', ...argv]).catch((error: Error) => error.message)
    expect(refused).toContain('needs root or user namespaces')
    expect(refused).toContain('sysctl -w user.max_user_namespaces=')
  })
})

describe('the sandbox as a library', () => {
  test('runs the controller and a speaker on each node, and starts each again when it is killed', async () => {
    const sandbox = await open({ nodes: 2, speakers: true, controller: true })
    const { controllerPid, nodes } = await sandbox.pids()
    expect([controllerPid, ...nodes.map((node) => node.speakerPid)].every(isAlive)).toBe(true)
    expect(await namesAt(sandbox, '/apis/lanlord.dev/v1beta1/speakers')).toEqual(['node-1', 'node-2'])
    await sandbox.kill('controller')
    await sandbox.kill('speaker/node-2')
    await eventually('both are back', async () => {
      const now = await sandbox.pids()
      const renewed = [now.controllerPid, now.nodes[1]?.speakerPid ?? null].every(isAlive)
      return (
        renewed && now.controllerPid !== controllerPid && now.nodes[1]?.speakerPid !== nodes[1]?.speakerPid
      )
    })
    expect((await sandbox.pids()).nodes[0]?.speakerPid).toBe(nodes[0]?.speakerPid)
  })

  test('starts an ended API server again with its state, and says so in pids.json', async () => {
    const words: string[] = []
    const sandbox = await open({ onWords: (text) => words.push(text) })
    const before = await sandbox.pids()
    await sandbox.kill('api-server')
    await eventually(
      'it has another pid',
      async () => ![null, before.apiServerPid].includes((await sandbox.pids()).apiServerPid),
    )
    expect(await pidsIn(sandbox.directory)).toEqual(await sandbox.pids())
    expect(words).toEqual(['api-server ended (SIGKILL), starting again in a second'])
    await eventually('it answers', () =>
      namesAt(sandbox, '/api/v1/nodes').then(
        () => true,
        () => false,
      ),
    )
    expect(await namesAt(sandbox, '/api/v1/nodes')).toEqual(['node-1'])
    expect(await namesAt(sandbox, '/api/v1/namespaces')).toContain('lanlord-system')
  })

  test('keeps a process down that is held, and starts it when it is released', async () => {
    const sandbox = await open()
    const pid = (await sandbox.pids()).nodes[0]?.nodeAgentPid ?? null
    await sandbox.hold('node-agent/node-1')
    expect(isAlive(pid)).toBe(false)
    expect((await pidsIn(sandbox.directory)).nodes[0]?.nodeAgentPid).toBeNull()
    sandbox.release('node-agent/node-1')
    expect(isAlive((await pidsIn(sandbox.directory)).nodes[0]?.nodeAgentPid ?? null)).toBe(true)
  })

  test('takes a node away as a power cut does, and brings it back', async () => {
    const sandbox = await open()
    const link = () => run([...(sandbox.nodes[0]?.exec ?? []), 'ip', 'link', 'show', 'eth0'])
    await sandbox.powerOff('node-1')
    expect(await link()).toContain('NO-CARRIER')
    expect((await sandbox.pids()).nodes).toEqual([{ name: 'node-1', speakerPid: null, nodeAgentPid: null }])
    await sandbox.powerOn('node-1')
    expect(await link()).toContain('LOWER_UP')
    expect((await sandbox.pids()).nodes[0]?.nodeAgentPid).not.toBeNull()
  })

  test('stands beside another one, with nothing in common', async () => {
    const [one, other] = await Promise.all([open(), open()])
    expect(one.subnet).not.toBe(other.subnet)
    expect(one.server).not.toBe(other.server)
    expect(one.directory).not.toBe(other.directory)
    await one.close()
    expect(await namesAt(other, '/api/v1/nodes')).toEqual(['node-1'])
  })

  test('reaches the API server from a node under the same URL, until that way is cut', async () => {
    const sandbox = await open()
    const exec = sandbox.nodes[0]?.exec ?? []
    const ask = () => run([...exec, 'curl', '-sS', '--max-time', '1', `${sandbox.server}/version`])
    expect(await ask()).toContain('gitVersion')
    await sandbox.cutApi('node-1')
    await expect(ask()).rejects.toThrow('timed out')
    await sandbox.mendApi('node-1')
    expect(await ask()).toContain('gitVersion')
  })

  test('ends with the last words of a program that cannot run, and leaves nothing behind', async () => {
    const before = leftOf(process.pid)
    const programs = await mkdtemp(join(tmpdir(), 'programs-'))
    await writeFile(join(programs, 'api-server.js'), 'console.log("the disk is full"); process.exit(1)')
    await expect(open({ programs })).rejects.toThrow(
      'api-server ended 3 times; its last words: the disk is full',
    )
    await rm(programs, { recursive: true })
    expect(leftOf(process.pid)).toEqual(before)
  })

  test('names the bundle that was not built', async () => {
    await expect(open({ programs: '/nowhere' })).rejects.toThrow(
      '/nowhere/api-server.js is missing; npm run build makes it',
    )
  })

  test('ends what someone left running on a node when it closes', async () => {
    const sandbox = await open()
    const script = 'sleep 1000 >/dev/null 2>&1 & echo $!'
    const pid = Number(await run([...(sandbox.nodes[0]?.exec ?? []), 'sh', '-c', script]))
    expect(isAlive(pid)).toBe(true)
    await sandbox.close()
    await eventually('it ends', () => !isAlive(pid))
  })
})
