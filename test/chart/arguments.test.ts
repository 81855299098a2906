import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parseCompatibility } from '../../src/core/allocation/compatibility.ts'
import { parseHeartbeat } from '../../src/core/election/heartbeat-setting.ts'
import { parseListen } from '../../src/platform/http/listen.ts'
import { createLog } from '../../src/platform/telemetry/log.ts'
import { containerOf, find, render, workloadsIn } from './helm.ts'
import { valueSets } from './value-sets.ts'

/** The flags with a value that a program of the image says it takes. */
function flagsOf(program: string): readonly string[] {
  const { stdout } = spawnSync(process.execPath, ['dist/lanlord.js', program, '--help'], { encoding: 'utf8' })
  return [...stdout.matchAll(/^ +--([a-z-]+) </gm)].map(([, name = '']) => name)
}

const known: Readonly<Record<string, readonly string[]>> = {
  controller: flagsOf('controller'),
  speaker: flagsOf('speaker'),
}

describe.each(valueSets)('a pod of the chart with %s', (_, values) => {
  it.each(workloadsIn(render(values)).map(containerOf))(
    'is started as its program wants it: $args',
    ({ args }) => {
      const [program = '', ...rest] = args
      const flags = new Map(rest.map((each) => /^--([a-z-]+)=(.+)$/.exec(each)?.slice(1) as [string, string]))
      expect(known[program]).toEqual(expect.arrayContaining([...flags.keys()]))
      expect(parseListen(flags.get('http') ?? '')).toHaveProperty('port')
      expect(() => createLog({ name: program, level: flags.get('log-level') })).not.toThrow()
      expect(parseHeartbeat(flags.get('heartbeat') ?? '50ms')).toHaveProperty('intervalMs')
      expect(flags.get('class-less-services') ?? 'true').toMatch(/^(true|false)$/)
      expect(parseCompatibility(flags.get('compatibility') ?? '')).not.toHaveProperty('problem')
    },
  )
})

it.each<[object, string | undefined]>([
  [{}, undefined],
  [{ compatibility: { metallb: true } }, '--compatibility=metallb'],
  [{ compatibility: { kubeVip: true } }, '--compatibility=kube-vip'],
  [{ compatibility: { metallb: true, kubeVip: true } }, '--compatibility=metallb,kube-vip'],
  [{ compatibility: null }, undefined],
])('with the values %j the controller reads the annotations of %s', (values, expected) => {
  const { args } = containerOf(find(render(values), 'Deployment'))
  expect(args.find((each) => each.startsWith('--compatibility'))).toBe(expected)
})

it.each<[object, boolean]>([
  [{}, true],
  [{ speaker: { selfTest: true } }, true],
  [{ speaker: { selfTest: false } }, false],
  [{ speaker: { selfTest: null } }, true],
])('with the values %j the speaker tests others: %s', (values, isOn) => {
  const { args } = containerOf(find(render(values), 'DaemonSet'))
  expect(args.includes('--self-test=off')).toBe(!isOn)
})

it.each<[object, string | undefined]>([
  [{}, '--kube-proxy-health=http://127.0.0.1:10256/healthz'],
  [{ speaker: { kubeProxyHealth: 'http://127.0.0.1:9000/' } }, '--kube-proxy-health=http://127.0.0.1:9000/'],
  [{ speaker: { kubeProxyHealth: '' } }, '--kube-proxy-health=off'],
  [{ speaker: { kubeProxyHealth: null } }, undefined],
])('with the values %j the speaker is started with %s', (values, expected) => {
  const { args } = containerOf(find(render(values), 'DaemonSet'))
  expect(args.find((each) => each.startsWith('--kube-proxy-health'))).toBe(expected)
})

it.each<[object, string | undefined]>([
  [{}, '--heartbeat=50ms'],
  [{ speaker: { heartbeat: '10ms' } }, '--heartbeat=10ms'],
  [{ speaker: { heartbeat: null } }, undefined],
])('with the values %j the speaker beats as %s says', (values, expected) => {
  const { args } = containerOf(find(render(values), 'DaemonSet'))
  expect(args.find((each) => each.startsWith('--heartbeat'))).toBe(expected)
})

it.each<[object, string | undefined]>([
  [{}, '--kube-proxy-metrics=http://127.0.0.1:10249/metrics'],
  [
    { speaker: { kubeProxyMetrics: 'http://127.0.0.1:9000/' } },
    '--kube-proxy-metrics=http://127.0.0.1:9000/',
  ],
  [{ speaker: { kubeProxyMetrics: '' } }, '--kube-proxy-metrics=off'],
  [{ speaker: { kubeProxyMetrics: null } }, undefined],
])('with the values %j the speaker is started with %s', (values, expected) => {
  const { args } = containerOf(find(render(values), 'DaemonSet'))
  expect(args.find((each) => each.startsWith('--kube-proxy-metrics'))).toBe(expected)
})
