import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

function run(program: string, ...flags: readonly string[]) {
  const path = new URL(`../../dist/${program}.js`, import.meta.url).pathname
  const env = { PATH: process.env['PATH'] ?? '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...flags], { encoding: 'utf8', env })
  return { status, words: `${stdout}${stderr}` }
}

test.each([
  ['', '\\"\\" cannot be the name of a Node'],
  ['knüll', '\\"knüll\\" cannot be the name of a Node; write it as kubectl get nodes shows it'],
])('a speaker does not start as Node "%s"', (name, words) => {
  const ended = run('speaker', '--node', name, '--key-directory', '/nonexistent')
  expect(ended).toEqual({ status: 2, words: expect.stringContaining(words) })
})

test.each([
  ['speaker', ['--node', 'one', '--key-directory', '/nonexistent', '--http', 'here'], 'no place to listen'],
  ['speaker', [], '--node <name>'],
  [
    'speaker',
    ['--node', 'one', '--key-directory', '/nonexistent', '--self-test', 'maybe'],
    '--self-test: \\"maybe\\" is neither on nor off',
  ],
  [
    'speaker',
    ['--node', 'one', '--key-directory', '/nonexistent', '--kube-proxy-health', 'here'],
    '--kube-proxy-health: \\"here\\" is no URL; write it as http://127.0.0.1:10256/healthz, or off',
  ],
  [
    'speaker',
    ['--node', 'one', '--key-directory', '/nonexistent', '--heartbeat', '5ms'],
    '--heartbeat: \\"5ms\\" is no interval of heartbeats; write whole milliseconds, 10ms to 200ms, such as 50ms',
  ],
  [
    'speaker',
    ['--node', 'one', '--key-directory', '/nonexistent', '--kube-proxy-metrics', 'here'],
    '--kube-proxy-metrics: \\"here\\" is no URL; write it as http://127.0.0.1:10249/metrics, or off',
  ],
  ['controller', ['--http', 'here'], 'no place to listen'],
  ['controller', ['--colour'], 'unknown option'],
  ['controller', ['--kubeconfig', '/nonexistent', '--class-less-services', 'maybe'], '--class-less-services'],
  [
    'controller',
    ['--kubeconfig', '/nonexistent', '--compatibility', 'metallb,purelb'],
    '--compatibility: \\"purelb\\" is none of metallb, kube-vip',
  ],
])('the %s ends with 2 when it is started with %j', (program, flags, words) => {
  expect(run(program, ...flags)).toEqual({ status: 2, words: expect.stringContaining(words) })
})

test.each([
  ['lanlord', ['--version'], /^\d+\.\d+\.\d+\S*\n$/],
  ['lanlord', ['version'], /^lanlord \d+\.\d+\.\d+\S*, Node \d+\.\d+\.\d+\n$/],
  ['lanlord', ['speaker', '--version'], /^\d+\.\d+\.\d+\S*\n$/],
  ['lanlord', ['controller', '--version'], /^\d+\.\d+\.\d+\S*\n$/],
  ['lanlord', ['plan', '--version'], /^\d+\.\d+\.\d+\S*\n$/],
  ['speaker', ['--version'], /^\d+\.\d+\.\d+\S*\n$/],
  ['controller', ['--version'], /^\d+\.\d+\.\d+\S*\n$/],
])('%s with %j says which version it is', (program, flags, words) => {
  expect(run(program, ...flags)).toEqual({ status: 0, words: expect.stringMatching(words) })
})

test('a program that an image leaves out says where it is, and ends with 1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanlord-'))
  try {
    cpSync(new URL('../../dist/lanlord.js', import.meta.url), join(folder, 'lanlord.js'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'lanlord.js'), 'demo'], {
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^lanlord demo is not part of this image; .*\n/),
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
