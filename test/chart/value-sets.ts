/** Values that a release may have, by what they are for; whatever holds for the chart holds for each of them. */
export const valueSets: readonly (readonly [name: string, values: object])[] = [
  ['the defaults', {}],
  [
    'everything switched on',
    {
      labels: { team: 'network' },
      annotations: { 'example.com/owner': 'network' },
      image: { repository: 'registry.example:5000/lanlord', digest: `sha256:${'0a'.repeat(32)}` },
      imagePullSecrets: [{ name: 'registry' }],
      logLevel: 'debug',
      classLessServices: false,
      compatibility: { metallb: true, kubeVip: true },
      heartbeat: { existingSecret: 'own-key' },
      controller: {
        replicas: 3,
        tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        podLabels: { tier: 'control' },
        podAnnotations: { 'example.com/scrape': 'true' },
      },
      speaker: {
        interfaces: ['eth0', 'vlan*'],
        kubeProxyHealth: '',
        heartbeat: '10ms',
        kubeProxyMetrics: '',
        selfTest: false,
        http: { host: '::', port: 9472 },
        maxUnavailable: '10%',
        podLabels: { tier: 'data' },
        podAnnotations: { 'example.com/scrape': 'true' },
      },
      networkPolicy: { enabled: true, metricsFrom: [{ namespaceSelector: {} }] },
      podMonitor: { enabled: true, labels: { release: 'prometheus' } },
    },
  ],
  ['one replica', { controller: { replicas: 1 } }],
  ['the annotations of kube-vip', { compatibility: { kubeVip: true, metallb: null } }],
  ['no CustomResourceDefinitions', { crds: { enabled: false } }],
  ['a Secret of the user', { heartbeat: { existingSecret: 'own-key' } }],
  [
    'nothing that can be left out',
    {
      controller: {
        priorityClassName: '',
        podDisruptionBudget: { enabled: false },
        nodeSelector: null,
        resources: { requests: null },
      },
      speaker: { priorityClassName: '', tolerations: [], nodeSelector: null, resources: { requests: null } },
    },
  ],
  ['a number of nodes at a time', { speaker: { maxUnavailable: 2, http: { host: '127.0.0.1' } } }],
]
