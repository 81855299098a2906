import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../../src/platform/kubernetes/config.ts'
import { remembered } from '../../../src/platform/kubernetes/remembered.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lanlord-config-'))
})

afterEach(() => rm(directory, { recursive: true }))

interface Parts {
  readonly name?: string
  readonly cluster?: object
  readonly user?: object | undefined
  readonly current?: string | undefined
}

async function kubeconfig(parts: Parts = {}, file = 'config'): Promise<string> {
  const name = parts.name ?? 'home'
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'current' in parts ? parts.current : name,
    clusters: [{ name, cluster: { server: `https://${name}.example:6443`, ...parts.cluster } }],
    users: parts.user ? [{ name, user: parts.user }] : [],
    contexts: [{ name, context: { cluster: name, namespace: 'shop', ...(parts.user && { user: name }) } }],
  }
  const path = join(directory, file)
  await writeFile(path, stringify(content))
  return path
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

describe('a kubeconfig', () => {
  it('gives the server, the namespace and where they came from', async () => {
    const file = await kubeconfig({ cluster: { server: 'http://127.0.0.1:8001/' } })
    const config = await loadConfig({ kubeconfig: file })
    expect(config).toMatchObject({ server: 'http://127.0.0.1:8001', namespace: 'shop' })
    expect(config.source).toBe(`context home of ${file}`)
    expect(await config.tls()).toEqual({})
    expect(await config.credentials()).toEqual({})
  })

  it('gives certificates from data and from files beside it', async () => {
    await writeFile(join(directory, 'client.key'), 'KEY')
    const cluster = { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'kubernetes' }
    const user = { 'client-certificate-data': base64('CERT'), 'client-key': 'client.key' }
    const config = await loadConfig({ kubeconfig: await kubeconfig({ cluster, user }) })
    const { ca, cert, key, servername, rejectUnauthorized } = await config.tls()
    expect([ca, cert, key].map(String)).toEqual(['CA', 'CERT', 'KEY'])
    expect([servername, rejectUnauthorized]).toEqual(['kubernetes', undefined])
    const trusting = await kubeconfig({ cluster: { 'insecure-skip-tls-verify': true } })
    expect(await (await loadConfig({ kubeconfig: trusting })).tls()).toEqual({ rejectUnauthorized: false })
  })

  it('gives a token, a user and password, or whom to impersonate', async () => {
    const credentialsOf = async (user: object) =>
      (await loadConfig({ kubeconfig: await kubeconfig({ user }) })).credentials()
    expect(await credentialsOf({ token: 'secret\n' })).toEqual({ authorization: 'Bearer secret' })
    expect(await credentialsOf({ username: 'a', password: 'b' })).toEqual({
      authorization: `Basic ${base64('a:b')}`,
    })
    expect(await credentialsOf({ token: 't', as: 'jane' })).toEqual({
      authorization: 'Bearer t',
      'impersonate-user': 'jane',
    })
  })

  it('names a token file, which is read again when the server refuses what it held', async () => {
    await writeFile(join(directory, 'token'), 'one\n')
    const config = await loadConfig({ kubeconfig: await kubeconfig({ user: { tokenFile: 'token' } }) })
    await writeFile(join(directory, 'token'), 'two\n')
    expect(await config.credentials()).toEqual({ authorization: 'Bearer one' })
    expect(await config.credentials(true)).toEqual({ authorization: 'Bearer two' })
  })

  it('asks an exec plugin, once until its credential expires or is refused', async () => {
    const plugin = join(directory, 'plugin')
    const status = '{"token":"from-$1-$WHO","expirationTimestamp":"2999-01-01T00:00:00Z"}'
    const output = `{"kind":"ExecCredential","status":${status}}`.replaceAll('"', '\\"')
    await writeFile(
      plugin,
      `#!/bin/sh\necho run >> ${directory}/runs\n[ -n "$KUBERNETES_EXEC_INFO" ] && echo "${output}"\n`,
    )
    await chmod(plugin, 0o755)
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: './plugin',
      args: ['arg'],
      env: [{ name: 'WHO', value: 'me' }],
    }
    const config = await loadConfig({ kubeconfig: await kubeconfig({ user: { exec } }) })
    expect(await config.credentials()).toEqual({ authorization: 'Bearer from-arg-me' })
    await config.credentials()
    const runs = () => readFile(join(directory, 'runs'), 'utf8')
    expect(await runs()).toBe('run\n')
    await config.credentials(true)
    expect(await runs()).toBe('run\nrun\n')
  })

  it('is one of several in KUBECONFIG, where the first that names a thing wins and a missing file does not matter', async () => {
    const first = await kubeconfig({ name: 'first', current: undefined }, 'first')
    const second = await kubeconfig({ name: 'second' }, 'second')
    const third = await kubeconfig({ name: 'second', cluster: { server: 'https://third.example' } }, 'third')
    const env = { KUBECONFIG: [join(directory, 'missing'), first, second, third].join(':') }
    expect((await loadConfig({ env })).server).toBe('https://second.example:6443')
    expect((await loadConfig({ env, context: 'first' })).server).toBe('https://first.example:6443')
  })

  it('of the home directory is used where nothing else is said', async () => {
    await mkdir(join(directory, '.kube'))
    await kubeconfig({ name: 'mine' }, '.kube/config')
    expect((await loadConfig({ env: { HOME: directory } })).server).toBe('https://mine.example:6443')
  })
})

describe('a kubeconfig that cannot be used says which file, what is wrong and what would mend it:', () => {
  const rows: readonly (readonly [string, Parts, string | RegExp])[] = [
    [
      'no current context',
      { current: undefined },
      /config has no current-context; give --context, one of: home$/,
    ],
    ['an unknown context', { current: 'work' }, /config has no context work; there are: home$/],
    [
      'a server that is no URL',
      { cluster: { server: 'cluster:6443' } },
      'the server "cluster:6443" is no URL; write https://',
    ],
    [
      'no server',
      { cluster: { server: '' } },
      /config cannot be understood: clusters\[0\]\.cluster\.server is missing/,
    ],
    [
      'a CA file that is not there',
      { cluster: { 'certificate-authority': 'ca.pem' } },
      /context home of .*: certificate-authority .*ca\.pem cannot be read/,
    ],
    ['a token file that is not there', { user: { tokenFile: 'gone' } }, /tokenFile .*gone cannot be read/],
    [
      'a plugin that is not there',
      { user: { exec: { command: 'no-such-plugin', installHint: 'Install it.' } } },
      /exec plugin no-such-plugin: .*ENOENT.* Install it\.$/,
    ],
    [
      'a plugin that fails',
      { user: { exec: { command: 'false' } } },
      'exec plugin false: it failed without a word',
    ],
    ['a plugin that says nothing', { user: { exec: { command: 'true' } } }, 'exec plugin true'],
    [
      'an auth-provider of old',
      { user: { 'auth-provider': { name: 'oidc' } } },
      'auth-provider oidc is not supported; kubectl replaced',
    ],
    ['a proxy', { cluster: { 'proxy-url': 'socks5://p' } }, 'asks for the proxy socks5://p'],
  ]

  it.each(rows)('%s', async (_, parts, message) => {
    await expect(loadConfig({ kubeconfig: await kubeconfig(parts) })).rejects.toThrow(message)
  })

  it('a file that is not there, empty, or no YAML', async () => {
    const path = join(directory, 'config')
    await expect(loadConfig({ kubeconfig: path })).rejects.toThrow(`kubeconfig ${path} cannot be read`)
    await writeFile(path, '')
    await expect(loadConfig({ kubeconfig: path })).rejects.toThrow(
      `kubeconfig ${path} cannot be understood: it is empty`,
    )
    await writeFile(path, 'a: [')
    await expect(loadConfig({ kubeconfig: path })).rejects.toThrow(`kubeconfig ${path} cannot be understood`)
  })

  it('none at all', async () => {
    const env = { HOME: directory }
    await expect(loadConfig({ env, serviceAccount: directory })).rejects.toThrow('give --kubeconfig FILE')
  })
})

describe('in a pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }

  it('the service account says who we are, and its token is read anew when it is refused', async () => {
    await writeFile(join(directory, 'token'), 'one')
    await writeFile(join(directory, 'ca.crt'), 'CA')
    await writeFile(join(directory, 'namespace'), 'lanlord-system\n')
    const config = await loadConfig({ env, serviceAccount: directory })
    expect(config).toMatchObject({ server: 'https://[fd00::1]:443', namespace: 'lanlord-system' })
    expect(await config.tls()).toEqual({ ca: 'CA' })
    await writeFile(join(directory, 'token'), 'two')
    expect(await config.credentials()).toEqual({ authorization: 'Bearer one' })
    expect(await config.credentials(true)).toEqual({ authorization: 'Bearer two' })
  })

  it('a token that is not mounted is an error that says so', async () => {
    await expect(loadConfig({ env, serviceAccount: directory })).rejects.toThrow(
      /this Pod has no token in .*; set automountServiceAccountToken: true/,
    )
  })

  it('a CA that was rotated is read anew when the server is not trusted', async () => {
    await writeFile(join(directory, 'token'), 'one')
    await writeFile(join(directory, 'ca.crt'), 'OLD')
    const config = await loadConfig({ env, serviceAccount: directory })
    await writeFile(join(directory, 'ca.crt'), 'NEW')
    expect(await config.tls()).toEqual({ ca: 'OLD' })
    expect(await config.tls(true)).toEqual({ ca: 'NEW' })
  })

  it('a service account without its CA is an error that says so', async () => {
    await writeFile(join(directory, 'token'), 'one')
    await expect(loadConfig({ env, serviceAccount: directory })).rejects.toThrow(
      /ca\.crt.*does the pod mount its token\?/,
    )
  })
})

describe('a reading that is remembered', () => {
  it('is shared by those who ask meanwhile, renewed after its time, and not remembered when it failed', async () => {
    let reads = 0
    const read = remembered(
      () => (++reads === 2 ? Promise.reject(new Error('gone')) : Promise.resolve(reads)),
      5,
    )
    expect(await Promise.all([read(), read()])).toEqual([1, 1])
    await expect(read(true)).rejects.toThrow('gone')
    expect(await read()).toBe(3)
    await new Promise((resolve) => setTimeout(resolve, 8))
    expect(await read()).toBe(4)
  })
})
