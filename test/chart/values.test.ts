import { readFileSync } from 'node:fs'
import { isMap, parseDocument } from 'yaml'
import type { YAMLMap } from 'yaml'
import { expect, it } from 'vitest'
import { chart, refusalOf } from './helm.ts'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
}

const values = parseDocument(readFileSync(`${chart}/values.yaml`, 'utf8'))
const schema = JSON.parse(readFileSync(`${chart}/values.schema.json`, 'utf8')) as Schema

/** What the chart's values hold, level by level as far as the schema has names for it. */
function namesIn(map: YAMLMap, part: Schema, path = ''): readonly string[] {
  return map.items.flatMap(({ key, value }) => {
    const name = String(key)
    const next = part.properties?.[name]
    const here = `${path}${name}`
    return isMap(value) && next?.properties ? [here, ...namesIn(value, next, `${here}.`)] : [here]
  })
}

function namesInSchema(part: Schema, path = ''): readonly string[] {
  return Object.entries(part.properties ?? {}).flatMap(([name, next]) => {
    return [`${path}${name}`, ...namesInSchema(next, `${path}${name}.`)]
  })
}

it('the schema knows the values that there are, and no others', () => {
  const ofTheUser = /^global$|affinity\./
  const known = namesInSchema(schema).filter((name) => !ofTheUser.test(name))
  expect(namesIn(values.contents as YAMLMap, schema).toSorted()).toEqual(known.toSorted())
})

/** What stands alone is understood by everyone who has written a pod. */
const wellKnown = ['cpu', 'memory', 'kubernetes.io/os', 'podLabels', 'podAnnotations', 'enabled']

it('each value is explained by the comment above it, where its name does not say enough', () => {
  const lines = readFileSync(`${chart}/values.yaml`, 'utf8').split('\n')
  const silent = lines.filter((line, at) => {
    const [, name = ''] = /^ *([A-Za-z./]+): [^#]/.exec(line) ?? []
    return name !== '' && !wellKnown.includes(name) && !lines[at - 1]?.trim().startsWith('#')
  })
  expect(silent).toEqual([])
})

it.each<[values: object, words: string]>([
  [{ controler: {} }, "additional properties 'controler' not allowed"],
  [{ speaker: { interface: 'eth0' } }, "at '/speaker': additional properties 'interface' not allowed"],
  [{ controller: { replicas: 0 } }, "at '/controller/replicas': minimum: got 0, want 1"],
  [{ controller: { replicas: 'two' } }, "at '/controller/replicas': got string, want integer"],
  [{ logLevel: 'loud' }, "at '/logLevel': value must be one of 'trace', 'debug', 'info', 'warn', 'error'"],
  [{ classLessServices: 'yes' }, "at '/classLessServices': got string, want boolean"],
  [{ compatibility: { metallb: 'yes' } }, "at '/compatibility/metallb': got string, want boolean"],
  [{ compatibility: { purelb: true } }, "at '/compatibility': additional properties 'purelb' not allowed"],
  [{ image: { pullPolicy: 'Sometimes' } }, "at '/image/pullPolicy': value must be one of 'Always'"],
  [{ image: { tag: 1.2 } }, "at '/image/tag': got number, want string"],
  [{ image: { tag: 'a b' } }, 'image.tag: "a b" is no tag; write letters, digits'],
  [{ image: { digest: 'sha256:12' } }, 'image.digest: "sha256:12" is no digest; write sha256: and 64 digits'],
  [{ image: { repository: '' } }, 'image.repository: "" is no name of an image'],
  [{ imagePullSecrets: ['registry'] }, "at '/imagePullSecrets/0': got string, want object"],
  [{ heartbeat: { rotation: -1 } }, "at '/heartbeat/rotation': minimum: got -1, want 0"],
  [{ heartbeat: { rotation: 'again' } }, "at '/heartbeat/rotation': got string, want integer"],
  [
    { heartbeat: { existingSecret: 'Own_Key' } },
    'heartbeat.existingSecret: "Own_Key" is no name of a Secret',
  ],
  [{ speaker: { interfaces: 'eth0' } }, "at '/speaker/interfaces': got string, want array"],
  [
    { speaker: { interfaces: ['eth0,eth1'] } },
    'speaker.interfaces: "eth0,eth1" is no interface\'s name or glob',
  ],
  [{ speaker: { interfaces: [''] } }, 'speaker.interfaces: "" is no interface\'s name or glob'],
  [{ speaker: { http: { port: 70000 } } }, "at '/speaker/http/port': maximum: got 70,000, want 65,535"],
  [{ speaker: { http: { host: 'node' } } }, 'speaker.http.host: "node" is no IP address; leave it empty'],
  ...['5ms', '201ms', '50', '0.05s', '50s'].map((heartbeat): [object, string] => [
    { speaker: { heartbeat } },
    `speaker.heartbeat: "${heartbeat}" is no interval of heartbeats; write whole milliseconds, 10ms to 200ms, such as 50ms`,
  ]),
  [{ speaker: { kubeProxyHealth: 'localhost' } }, 'speaker.kubeProxyHealth: "localhost" is no URL'],
  [{ speaker: { kubeProxyMetrics: 'localhost' } }, 'speaker.kubeProxyMetrics: "localhost" is no URL'],
  [
    { speaker: { maxUnavailable: 0 } },
    'speaker.maxUnavailable: "0" is neither a number above 0 nor a percentage',
  ],
  [{ speaker: { maxUnavailable: '200%' } }, 'speaker.maxUnavailable: "200%" is neither'],
  [{ speaker: { resources: { limits: { cpu: 'much' } } } }, "at '/speaker/resources/limits/cpu'"],
  [
    { speaker: { tolerations: [{ effect: 'Never' }] } },
    "at '/speaker/tolerations/0/effect': value must be one of",
  ],
  [{ networkPolicy: { apiServerPorts: [] } }, "at '/networkPolicy/apiServerPorts': minItems: got 0, want 1"],
  [
    { podMonitor: { interval: 'often' } },
    'podMonitor.interval: "often" is no duration; write it as 30s or 1m',
  ],
  [
    { podMonitor: { enabled: true }, speaker: { http: { host: '127.0.0.1' } } },
    'podMonitor.enabled: Prometheus cannot reach speakers that listen on 127.0.0.1; leave speaker.http.host empty',
  ],
])('%j is refused in words', (wrong, words) => {
  expect(refusalOf(wrong)).toContain(words)
})

it('a parent chart may hand down its global values', () => {
  expect(() => refusalOf({ global: { imageRegistry: 'registry.example' } })).toThrow('Helm took')
})
