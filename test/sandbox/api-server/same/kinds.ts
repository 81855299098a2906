import { answer, apply, del, get, merge, post, put, type Row, strategic, table } from './steps.ts'

const containers = [{ name: 'c', image: 'nginx:1.27' }]
const pod = (spec: object = {}, metadata: object = {}): object => ({
  metadata: { name: 'one', ...metadata },
  spec: { containers, ...spec },
})
const template = (spec: object = {}): object => ({
  metadata: { labels: { app: 'one' } },
  spec: { containers, ...spec },
})
const workload = (spec: object = {}): object => ({
  metadata: { name: 'one' },
  spec: { selector: { matchLabels: { app: 'one' } }, template: template(), ...spec },
})
const refused = (title: string, where: string, body: object): Row => ({ title, steps: [post(where, body)] })

const pods: readonly Row[] = [
  {
    title: 'a Pod',
    steps: [
      post('pods', pod()),
      get('pods/one'),
      table('pods'),
      merge('pods/one', { metadata: { labels: { a: 'b' } } }),
      merge('pods/one/status', {
        status: {
          phase: 'Running',
          podIP: '10.0.0.1',
          podIPs: [{ ip: '10.0.0.1' }],
          hostIP: '192.0.2.1',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [
            {
              name: 'c',
              ready: true,
              restartCount: 1,
              image: 'x',
              imageID: 'y',
              state: { running: { startedAt: '2025-01-01T00:00:00Z' } },
            },
          ],
        },
      }),
      table('pods/one'),
      strategic('pods/one/status', {
        status: {
          conditions: [
            { type: 'Ready', status: 'False' },
            { type: 'Initialized', status: 'True' },
          ],
        },
      }),
      merge('pods/one', { spec: { containers: [{ name: 'c', image: 'nginx:1.28' }] } }),
      merge('pods/one', { spec: { hostname: 'x' } }),
      merge('pods/one', { spec: { activeDeadlineSeconds: 5 } }),
      del('pods/one'),
    ],
  },
  refused(
    'a Pod with much',
    'pods',
    pod({
      hostNetwork: true,
      nodeName: 'n1',
      restartPolicy: 'Never',
      initContainers: [{ name: 'i', image: 'x:latest' }],
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'w', configMap: { name: 'm' } },
        { name: 's', secret: { secretName: 'k' } },
      ],
      containers: [
        {
          name: 'c',
          image: 'x@sha256:0123',
          ports: [{ containerPort: 80 }],
          env: [
            { name: 'A', value: 'b' },
            { name: 'N', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          ],
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
          resources: { limits: { cpu: '1', memory: '64Mi' } },
          readinessProbe: { httpGet: { path: '/', port: 80 } },
          securityContext: { capabilities: { drop: ['ALL'] } },
        },
      ],
    }),
  ),
  refused('a Pod without containers', 'pods', { metadata: { name: 'one' }, spec: {} }),
  refused('a Pod without a name', 'pods', { spec: { containers } }),
  refused('a Pod with a container without a name', 'pods', pod({ containers: [{ image: 'x' }] })),
  refused('a Pod with a container without an image', 'pods', pod({ containers: [{ name: 'c' }] })),
  refused('a Pod with a container twice', 'pods', pod({ containers: [...containers, ...containers] })),
  refused(
    'a Pod with a wrong name of a container',
    'pods',
    pod({ containers: [{ name: 'C_', image: 'x' }] }),
  ),
  refused(
    'a Pod with a wrong port',
    'pods',
    pod({
      containers: [
        {
          name: 'c',
          image: 'x',
          ports: [{ containerPort: 0 }, { containerPort: 70_000, protocol: 'X', name: 'a_b' }],
        },
      ],
    }),
  ),
  refused('a Pod with a wrong policy', 'pods', pod({ restartPolicy: 'Sometimes', dnsPolicy: 'None' })),
  refused(
    'a Pod with an unknown field',
    'pods?fieldValidation=Strict',
    pod({
      containers: [{ name: 'c', image: 'x', livenessprobe: {}, securityContext: { privileged: 'yes' } }],
    }),
  ),
  {
    title: 'a Pod with an unknown field, with a warning',
    steps: [
      post(
        'pods',
        pod({ hostnetwork: true, containers: [{ name: 'c', image: 'x', ports: [{ port: 80 }] }] }),
      ),
    ],
  },
  {
    title: 'a Pod that is bound',
    steps: [
      post('pods', pod()),
      post('pods/one/binding', { target: { kind: 'Node', name: 'n1' } }),
      post('pods/one/binding', { metadata: { name: 'one' }, target: { kind: 'Node', name: 'n1' } }),
      get('pods/one'),
      post('pods/one/binding', { metadata: { name: 'one' }, target: { kind: 'Node', name: 'n2' } }),
      del('pods/one'),
      get('pods/one'),
      del('pods/one', { gracePeriodSeconds: 5 }),
      del('pods/one', { gracePeriodSeconds: 9 }),
      del('pods/one', { gracePeriodSeconds: 0 }),
      get('pods/one'),
    ],
  },
]

const workloads: readonly Row[] = ['deployments', 'replicasets', 'daemonsets'].flatMap((kind): Row[] => [
  {
    title: `one of ${kind}`,
    steps: [
      post(kind, workload()),
      get(`${kind}/one`),
      table(`${kind}?includeObject=None`),
      merge(`${kind}/one`, {
        spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx:2' }] } } },
      }),
      strategic(`${kind}/one`, {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'c', imagePullPolicy: 'Always' }],
              initContainers: [{ name: 'i', image: 'x' }],
            },
          },
        },
      }),
      merge(`${kind}/one/status`, {
        status: { observedGeneration: 2, conditions: [{ type: 'Available', status: 'True' }] },
        metadata: { labels: { a: 'b' } },
      }),
      merge(`${kind}/one`, { metadata: { labels: { a: 'c' } } }),
      merge(`${kind}/one`, { spec: { selector: { matchLabels: { app: 'two' } } } }),
      put(`${kind}/one`, answer(0)),
      apply(`${kind}/two?fieldManager=a`, {
        apiVersion: 'apps/v1',
        kind: { deployments: 'Deployment', replicasets: 'ReplicaSet', daemonsets: 'DaemonSet' }[kind],
        ...workload(),
        metadata: { name: 'two' },
      }),
      del(`${kind}/one`),
    ],
  },
  refused(`${kind} without a selector`, kind, workload({ selector: undefined })),
  refused(`${kind} with an empty selector`, kind, workload({ selector: {} })),
  refused(`${kind} without a template`, kind, workload({ template: undefined })),
  refused(
    `${kind} with other labels`,
    kind,
    workload({ template: { ...template(), metadata: { labels: { app: 'two' } } } }),
  ),
  refused(`${kind} without containers`, kind, workload({ template: template({ containers: [] }) })),
  refused(`${kind} with a wrong policy`, kind, workload({ template: template({ restartPolicy: 'Never' }) })),
  refused(
    `${kind} with fewer than none`,
    kind,
    workload({ replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1 }),
  ),
  refused(
    `${kind} with a wrong strategy`,
    kind,
    workload({ strategy: { type: 'Sudden' }, updateStrategy: { type: 'Sudden' } }),
  ),
  refused(
    `${kind} with rolling numbers that are none`,
    kind,
    workload({
      strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
      updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
    }),
  ),
  refused(`${kind} with a count in words`, kind, workload({ replicas: 'two', minReadySeconds: 'two' })),
])

const scales: readonly Row[] = [
  {
    title: 'a scale',
    steps: [
      post('deployments', workload()),
      get('deployments/one/scale'),
      merge('deployments/one/scale', { spec: { replicas: 3 } }),
      put(
        'deployments/one/scale',
        answer(1, (scale) => ({
          ...scale,
          metadata: { ...scale.metadata, resourceVersion: undefined },
          spec: { replicas: 2 },
        })),
      ),
      put('deployments/one/scale', answer(1)),
      merge('deployments/one/scale', { spec: { replicas: -1 } }),
      get('deployments/one'),
    ],
  },
]

const others: readonly Row[] = [
  {
    title: 'a node',
    steps: [
      post('nodes', {
        metadata: { name: 'node-{ns}' },
        spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'] },
        status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
      }),
      merge('nodes/node-{ns}/status', {
        status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1' } },
      }),
      table('nodes/node-{ns}'),
      merge('nodes/node-{ns}', {
        spec: { unschedulable: true, taints: [{ key: 'a', effect: 'NoSchedule' }] },
      }),
      table('nodes/node-{ns}'),
      merge('nodes/node-{ns}', { spec: { podCIDR: '10.0.1.0/24', podCIDRs: ['10.0.1.0/24'] } }),
      merge('nodes/node-{ns}', {
        spec: {
          taints: [
            { key: 'a b', effect: 'Never' },
            { key: 'a', effect: 'NoSchedule' },
            { key: 'a', effect: 'NoSchedule' },
          ],
        },
      }),
      strategic('nodes/node-{ns}/status', {
        status: { conditions: [{ type: 'NetworkUnavailable', status: 'True' }] },
      }),
      del('nodes/node-{ns}'),
      get('nodes/node-{ns}'),
      post('nodes', { metadata: { name: 'Node_{ns}' } }),
    ],
  },
  {
    title: 'a namespace',
    steps: [
      post('namespaces', { metadata: { name: 'made-{ns}', labels: { a: 'b' } } }),
      get('namespaces/made-{ns}'),
      table('namespaces/made-{ns}'),
      merge('namespaces/made-{ns}', { metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } } }),
      merge('namespaces/made-{ns}', { spec: { finalizers: [] } }),
      post('namespaces', { metadata: { name: 'Made' } }),
      post('namespaces', { metadata: { name: 'default' } }),
      post('namespaces', { metadata: { name: 'other-{ns}', namespace: 'y' } }),
      del('namespaces/default'),
      del('namespaces/kube-system'),
      del('namespaces/nowhere'),
    ],
  },
  {
    title: 'a lease',
    steps: [
      post('leases', {
        metadata: { name: 'one' },
        spec: {
          holderIdentity: 'a',
          leaseDurationSeconds: 15,
          renewTime: '2025-01-01T00:00:00.000000Z',
          acquireTime: '2025-01-01T00:00:00.000000Z',
          leaseTransitions: 0,
        },
      }),
      put(
        'leases/one',
        answer(0, (lease) => ({
          ...lease,
          spec: { ...lease.spec, renewTime: '2025-01-01T00:00:01.000000Z' },
        })),
      ),
      put('leases/one', answer(0)),
      put('leases/one', { metadata: { name: 'one' }, spec: {} }),
      table('leases'),
      post('leases', { metadata: { name: 'two' }, spec: { renewTime: '2025-01-01T00:00:00Z' } }),
      post('leases', { metadata: { name: 'two' }, spec: { renewTime: '2025-01-01T00:00:00.123Z' } }),
      post('leases', {
        metadata: { name: 'two' },
        spec: { leaseDurationSeconds: 0, leaseTransitions: -1, holderIdentity: '' },
      }),
      post('leases', { metadata: { name: 'two' }, spec: { leaseDurationSeconds: 'x' } }),
      put('leases/three', { metadata: { name: 'three' }, spec: { holderIdentity: 'a' } }),
      merge('leases/one', { spec: { holderIdentity: null } }),
      post('leases', { metadata: { name: 'four' } }),
      del('leases/one'),
    ],
  },
  {
    title: 'slices of endpoints',
    steps: [
      post('endpointslices', {
        metadata: { name: 'one', labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true }, nodeName: 'n1' }],
        ports: [{ port: 80 }, { name: 'b', port: 53, protocol: 'UDP' }],
      }),
      table('endpointslices'),
      merge('endpointslices/one', { endpoints: [] }),
      merge('endpointslices/one', { addressType: 'IPv6' }),
      post('endpointslices', {
        metadata: { name: 'two' },
        addressType: 'IPv5',
        endpoints: [{ addresses: [] }, { addresses: ['x'] }],
        ports: [
          { protocol: 'X', port: 80, name: 'A_' },
          { port: 81, name: 'A_' },
        ],
      }),
      post('endpointslices', { metadata: { name: 'two' }, endpoints: [] }),
      post('endpointslices', {
        metadata: { name: 'two' },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['fd00::1', '127.0.0.1'] }],
      }),
      post('endpointslices', { metadata: { name: 'two' }, addressType: 'IPv4' }),
    ],
  },
  {
    title: 'rights',
    steps: [
      post('roles', {
        metadata: { name: 'a:b' },
        rules: [{ verbs: ['get'], apiGroups: [''], resources: ['services'] }],
      }),
      post('roles', { metadata: { name: 'none' } }),
      post('roles', { metadata: { name: 'bad' }, rules: [{}] }),
      post('roles', { metadata: { name: 'a/b' }, rules: [] }),
      post('rolebindings', {
        metadata: { name: 'one' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a:b' },
        subjects: [
          { kind: 'ServiceAccount', name: 'robot', namespace: 'x' },
          { kind: 'User', name: 'me' },
        ],
      }),
      table('rolebindings'),
      merge('rolebindings/one', { roleRef: { name: 'other' } }),
      post('rolebindings', {
        metadata: { name: 'bad' },
        roleRef: { kind: 'Thing', name: '' },
        subjects: [
          { kind: 'Robot', name: '' },
          { kind: 'ServiceAccount', name: 'x' },
        ],
      }),
      table('roles'),
      post('serviceaccounts', { metadata: { name: 'robot' } }),
      table('serviceaccounts/robot'),
      del('serviceaccounts/robot'),
      del('rolebindings/one'),
    ],
  },
]

export const kindRows: readonly Row[] = [...pods, ...workloads, ...scales, ...others]
