import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { customResourceDefinitions } from '../../src/core/api/crds.ts'
import { chart, containerOf, find, render, runHelm, workloadsIn } from './helm.ts'
import { valueSets } from './value-sets.ts'

describe.each(valueSets)('the chart with %s', (_, values) => {
  const objects = render(values)

  it('passes helm lint --strict', () => {
    expect(runHelm(['lint', '--strict', chart], values)).toMatchObject({ status: 0 })
  })

  it('holds no two objects of one kind and name, and each has the standard labels', () => {
    const keys = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    expect(keys).toHaveLength(new Set(keys).size)
    for (const { metadata } of objects) {
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': 'lanlord',
        'app.kubernetes.io/instance': 'lanlord',
        'app.kubernetes.io/managed-by': 'Helm',
        'app.kubernetes.io/version': '0.1.0',
      })
    }
  })

  it('names the namespace of the release wherever an object has one', () => {
    const named = objects.flatMap(({ metadata }) => metadata.namespace ?? [])
    expect(new Set(named)).toEqual(new Set(['lanlord-system']))
    const text = JSON.stringify(objects)
    expect(text).toContain('system:serviceaccount:lanlord-system:lanlord-speaker')
    expect(text).toContain('system:serviceaccount:lanlord-system:lanlord-controller')
  })

  it('runs a controller that is confined as far as it goes', () => {
    const { spec } = find(objects, 'Deployment').spec.template
    expect(spec).toMatchObject({
      serviceAccountName: 'lanlord-controller',
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    })
    expect(spec['hostNetwork']).toBeUndefined()
    expect(spec['volumes']).toBeUndefined()
    expect(containerOf(find(objects, 'Deployment')).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('runs speakers as root with the one capability that they need', () => {
    const { spec } = find(objects, 'DaemonSet').spec.template
    expect(spec).toMatchObject({
      serviceAccountName: 'lanlord-speaker',
      hostNetwork: true,
      securityContext: { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } },
    })
    expect(Object.keys(spec)).not.toContain('hostPID')
    expect(containerOf(find(objects, 'DaemonSet')).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
    })
  })

  it('limits neither CPU nor memory', () => {
    for (const workload of workloadsIn(objects))
      expect(containerOf(workload).resources.limits).toBeUndefined()
  })

  it('asks the API server for a token in pods only', () => {
    for (const account of objects.filter(({ kind }) => kind === 'ServiceAccount')) {
      expect(account['automountServiceAccountToken']).toBe(false)
    }
    for (const { spec } of workloadsIn(objects)) {
      expect(spec.template.spec['automountServiceAccountToken']).toBe(true)
    }
  })

  it('selects its pods by labels that never change', () => {
    for (const { spec, metadata } of workloadsIn(objects)) {
      const component = metadata.name.replace('lanlord-', '')
      const matchLabels = { 'app.kubernetes.io/name': 'lanlord', 'app.kubernetes.io/component': component }
      expect(spec['selector']).toEqual({ matchLabels })
      expect(spec.template.metadata.labels).toMatchObject(matchLabels)
    }
  })

  it('restarts no pod because only the version of the chart is another one', () => {
    for (const { spec } of workloadsIn(objects)) {
      expect(JSON.stringify(spec.template.metadata)).not.toMatch(/helm.sh|version/)
    }
  })

  it('renders no key, for away from a cluster it could not be kept', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([])
  })

  it('lets the kubelet and everyone else find the port where the program listens', () => {
    for (const workload of workloadsIn(objects)) {
      const { args, ports } = containerOf(workload)
      const [, port] = /^--http=.*:(\d+)$/.exec(args.find((each) => each.startsWith('--http=')) ?? '') ?? []
      expect(ports).toEqual([{ name: 'http', containerPort: Number(port), protocol: 'TCP' }])
    }
  })
})

describe('the chart', () => {
  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }
    for (const workload of workloadsIn(render())) {
      expect(containerOf(workload).image).toBe(`lanlord/lanlord:${version}`)
    }
    const chartFile = readFileSync(`${chart}/Chart.yaml`, 'utf8')
    expect(chartFile).toContain(`\nversion: ${version}\n`)
    expect(chartFile).toContain(`\nappVersion: ${version}\n`)
  })

  it('installs the kinds as the schemas have them, and keeps them when the release goes', () => {
    for (const wanted of customResourceDefinitions()) {
      const { spec, metadata } = find(render(), 'CustomResourceDefinition', wanted.metadata.name)
      expect(spec).toEqual(wanted.spec)
      expect(metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' })
    }
  })

  it('leaves the kinds out where somebody else installs them', () => {
    const kinds = render({ crds: { enabled: false } }).map(({ kind }) => kind)
    expect(kinds).not.toContain('CustomResourceDefinition')
  })

  it('pins the image by digest where one is given', () => {
    const digest = `sha256:${'0a'.repeat(32)}`
    for (const workload of workloadsIn(render({ image: { digest, tag: 'newest' } }))) {
      expect(containerOf(workload).image).toBe(`lanlord/lanlord@${digest}`)
    }
  })

  it('puts labels and annotations of the user on every object and pod, and never over its own', () => {
    const labels = { team: 'network', 'app.kubernetes.io/name': 'other' }
    const annotations = { 'example.com/owner': 'network' }
    const objects = render({
      labels,
      annotations,
      podMonitor: { enabled: true },
      networkPolicy: { enabled: true },
    })
    const pods = workloadsIn(objects).map(({ spec }) => spec.template)
    for (const { metadata } of [...objects, ...pods]) {
      expect(metadata.labels).toMatchObject({ team: 'network', 'app.kubernetes.io/name': 'lanlord' })
      expect(metadata.annotations).toMatchObject(annotations)
    }
  })

  it('protects the controller from drains only where there is a second one', () => {
    const kindsWith = (replicas: number) => render({ controller: { replicas } }).map(({ kind }) => kind)
    expect(kindsWith(2)).toContain('PodDisruptionBudget')
    expect(kindsWith(1)).not.toContain('PodDisruptionBudget')
  })

  it('takes the key from the Secret of the user, and starts without it', () => {
    const { spec } = find(render({ heartbeat: { existingSecret: 'own-key' } }), 'DaemonSet').spec.template
    expect(spec['volumes']).toMatchObject([{ secret: { secretName: 'own-key', optional: true } }])
    expect(JSON.stringify(spec)).toContain('--secret=own-key')
  })

  it.each([
    ['', '127.0.0.1', '--http=:7472'],
    ['0.0.0.0', '127.0.0.1', '--http=0.0.0.0:7472'],
    ['::', '127.0.0.1', '--http=[::]:7472'],
    ['127.0.0.1', '127.0.0.1', '--http=127.0.0.1:7472'],
    ['192.168.10.7', '192.168.10.7', '--http=192.168.10.7:7472'],
    ['fd00::7', 'fd00::7', '--http=[fd00::7]:7472'],
  ])('probes a speaker that listens on "%s" at %s', (host, probed, flag) => {
    const container = containerOf(find(render({ speaker: { http: { host } } }), 'DaemonSet'))
    expect(container.args).toContain(flag)
    expect(container['livenessProbe']).toBeUndefined()
    expect(container['readinessProbe']).toMatchObject({ httpGet: { host: probed, path: '/readyz' } })
  })
})
