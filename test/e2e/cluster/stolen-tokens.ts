import { poolFinalizer } from '../../../src/core/api/names.ts'
import type { ApiRequest } from './token-client.ts'

/** Whose token it is: of a speaker's pod on node-1, of a speaker's account but of no pod, of a controller's pod. */
export type Thief = 'speaker' | 'speaker without a pod' | 'controller'

/** What somebody tries who should not, and who refuses it. */
export interface Attempt extends ApiRequest {
  readonly what: string
  readonly refusedBy: 'RBAC' | 'policy'
}

const core = '/api/v1'
const own = '/apis/lanlord.dev/v1beta1'
const inSystem = `${core}/namespaces/lanlord-system`
const services = `${core}/namespaces/default/services`
const leases = '/apis/coordination.k8s.io/v1/namespaces'
const rbac = '/apis/rbac.authorization.k8s.io/v1'
const admission = '/apis/admissionregistration.k8s.io/v1'
const apps = '/apis/apps/v1/namespaces/lanlord-system'

const speaker = (name: string, metadata: object = {}, spec: object = {}): object => ({
  apiVersion: 'lanlord.dev/v1beta1',
  kind: 'Speaker',
  metadata: { name, ...metadata },
  spec,
})

const pool = {
  apiVersion: 'lanlord.dev/v1beta1',
  kind: 'AddressPool',
  metadata: { name: 'stolen' },
  spec: { addresses: ['192.0.2.1'] },
}

const service = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
})

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'stolen' },
  spec: { hostNetwork: true, containers: [{ name: 'a', image: 'lanlord.dev/web' }] },
}

const lease = (name: string): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name },
  spec: { holderIdentity: 'thief', leaseDurationSeconds: 3600 },
})

const event = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'stolen', namespace: 'default' },
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingController: 'lanlord.dev/thief',
  reportingInstance: 'thief',
  regarding: { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'default' },
  type: 'Normal',
  reason: 'Stolen',
  action: 'Steal',
  note: 'stolen',
}

const owner = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'nothing',
  uid: '11111111-1111-1111-1111-111111111111',
}

const toAdmin = (account: string): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'stolen' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', name: `lanlord-${account}`, namespace: 'lanlord-system' }],
})

const addresses = (...entries: readonly object[]): object => ({
  status: { loadBalancer: { ingress: entries } },
})
const stolenAddress = { ip: '192.0.2.1', ipMode: 'VIP' }

type Row = readonly [what: string, method: ApiRequest['method'], path: string, body?: object]

const refusedBy = (by: Attempt['refusedBy'], rows: readonly Row[]): readonly Attempt[] =>
  rows.map(([what, method, path, body]) => ({ what, method, path, refusedBy: by, ...(body && { body }) }))

/** What neither of the two may do, by what each is called. */
function beyondBoth(account: 'speaker' | 'controller'): readonly Attempt[] {
  const rows: readonly Row[] = [
    ['write the spec of a Service', 'PATCH', `${services}/web`, { spec: { externalIPs: ['192.0.2.1'] } }],
    ['make a Service', 'POST', services, service('stolen')],
    ['delete a Service', 'DELETE', `${services}/web`],
    ['replace the status of a Service', 'PUT', `${services}/web/status`, service('web')],
    ['write an EndpointSlice', 'POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {}],
    ['delete a Speaker', 'DELETE', `${own}/speakers/node-1`],
    ['delete all Speakers', 'DELETE', `${own}/speakers`],
    ['make an AddressPool', 'POST', `${own}/addresspools`, pool],
    ['replace an AddressPool', 'PUT', `${own}/addresspools/lab`, pool],
    ['delete an AddressPool', 'DELETE', `${own}/addresspools/lab`],
    ['read the heartbeat key', 'GET', `${inSystem}/secrets/lanlord-heartbeat`],
    ['list the Secrets of its namespace', 'GET', `${inSystem}/secrets`],
    ['list all Secrets', 'GET', `${core}/secrets`],
    [
      'replace the heartbeat key',
      'PATCH',
      `${inSystem}/secrets/lanlord-heartbeat`,
      { data: { current: '' } },
    ],
    ['read ConfigMaps', 'GET', `${core}/namespaces/kube-system/configmaps`],
    ['label a Node', 'PATCH', `${core}/nodes/node-1`, { metadata: { labels: { stolen: 'yes' } } }],
    ['write the status of a Node', 'PATCH', `${core}/nodes/node-1/status`, { status: { conditions: [] } }],
    ['delete a Node', 'DELETE', `${core}/nodes/node-2`],
    ['reach a kubelet through the API server', 'GET', `${core}/nodes/node-1/proxy/pods`],
    ['read Pods', 'GET', `${inSystem}/pods`],
    ['make a Pod', 'POST', `${inSystem}/pods`, pod],
    ['delete Pods', 'DELETE', `${inSystem}/pods`],
    ['run a command in a Pod', 'POST', `${inSystem}/pods/any/exec?command=id&stdout=true`],
    ['change its own DaemonSet', 'PATCH', `${apps}/daemonsets/lanlord-speaker`, { spec: {} }],
    [
      'scale its own Deployment',
      'PATCH',
      `${apps}/deployments/lanlord-controller/scale`,
      { spec: { replicas: 0 } },
    ],
    ['make a Namespace', 'POST', `${core}/namespaces`, { metadata: { name: 'stolen' } }],
    [
      'take the scheduler’s Lease',
      'PUT',
      `${leases}/kube-system/leases/kube-scheduler`,
      lease('kube-scheduler'),
    ],
    ['make a Lease elsewhere', 'POST', `${leases}/kube-system/leases`, lease('stolen')],
    ['delete the controller’s Lease', 'DELETE', `${leases}/lanlord-system/leases/lanlord-controller`],
    ['make a core/v1 Event', 'POST', `${core}/namespaces/default/events`, {}],
    [
      'change a CustomResourceDefinition',
      'PATCH',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/speakers.lanlord.dev',
      {},
    ],
    [
      'delete a policy that holds it',
      'DELETE',
      `${admission}/validatingadmissionpolicies/lanlord-${account}`,
    ],
    [
      'unbind a policy that holds it',
      'DELETE',
      `${admission}/validatingadmissionpolicybindings/lanlord-${account}`,
    ],
    ['widen its own role', 'PATCH', `${rbac}/clusterroles/lanlord-${account}`, { rules: [] }],
    ['make itself cluster-admin', 'POST', `${rbac}/clusterrolebindings`, toAdmin(account)],
    [
      'make another token of itself',
      'POST',
      `${inSystem}/serviceaccounts/lanlord-${account}/token`,
      { spec: {} },
    ],
    ['sign a certificate request', 'POST', '/apis/certificates.k8s.io/v1/certificatesigningrequests', {}],
  ]
  const impersonation: Attempt = {
    what: 'act as an administrator',
    method: 'GET',
    path: `${core}/namespaces`,
    as: 'admin',
    refusedBy: 'RBAC',
  }
  return [...refusedBy('RBAC', rows), impersonation]
}

/** Writes of the main part of the pool lab. */
const ofPool = (rows: readonly (readonly [what: string, body: object])[]): readonly Row[] =>
  rows.map(([what, body]) => [what, 'PATCH', `${own}/addresspools/lab`, body])

const inUse = { finalizers: [poolFinalizer] }

const bySpeaker: readonly Attempt[] = [
  ...refusedBy('RBAC', [
    ['write the status of a Service', 'PATCH', `${services}/web/status`, addresses(stolenAddress)],
    ['write the spec of its own Speaker', 'PATCH', `${own}/speakers/node-1`, { spec: { revision: 99 } }],
    ['replace its own Speaker', 'PUT', `${own}/speakers/node-1`, speaker('node-1')],
    ['replace the status of its own Speaker', 'PUT', `${own}/speakers/node-1/status`, speaker('node-1')],
    ['write the spec of another Speaker', 'PATCH', `${own}/speakers/node-2`, { spec: { revision: 99 } }],
    ['write the spec of an AddressPool', 'PATCH', `${own}/addresspools/lab`, { spec: { disabled: true } }],
    ['write the status of an AddressPool', 'PATCH', `${own}/addresspools/lab/status`, { status: {} }],
    ['let an AddressPool in use go', 'PATCH', `${own}/addresspools/lab`, { metadata: { finalizers: null } }],
    ['read Namespaces', 'GET', `${core}/namespaces`],
    ['read the controller’s Lease', 'GET', `${leases}/lanlord-system/leases/lanlord-controller`],
    ['make a Lease', 'POST', `${leases}/lanlord-system/leases`, lease('stolen')],
    [
      'take the controller’s Lease',
      'PUT',
      `${leases}/lanlord-system/leases/lanlord-controller`,
      lease('lanlord-controller'),
    ],
    ['make an Event', 'POST', '/apis/events.k8s.io/v1/namespaces/default/events', event],
  ]),
  ...refusedBy('policy', [
    [
      'write the status of another Speaker',
      'PATCH',
      `${own}/speakers/node-2/status`,
      { status: { node: 'node-1' } },
    ],
    ['make the Speaker of another node', 'POST', `${own}/speakers`, speaker('node-9')],
    [
      'make a Speaker of whatever name',
      'POST',
      `${own}/speakers`,
      speaker('', { name: undefined, generateName: 'node-' }),
    ],
    ['make its own Speaker with a spec', 'POST', `${own}/speakers`, speaker('node-1', {}, { revision: 99 })],
    [
      'make its own Speaker owned by another',
      'POST',
      `${own}/speakers`,
      speaker('node-1', { ownerReferences: [owner] }),
    ],
    [
      'make its own Speaker with a finalizer',
      'POST',
      `${own}/speakers`,
      speaker('node-1', { finalizers: ['a.example/b'] }),
    ],
  ]),
]

const bySpeakerWithoutPod: readonly Attempt[] = refusedBy('policy', [
  ['make a Speaker', 'POST', `${own}/speakers`, speaker('node-1')],
  ['write the status of a Speaker', 'PATCH', `${own}/speakers/node-1/status`, { status: { node: 'node-1' } }],
])

const byController: readonly Attempt[] = [
  ...refusedBy('RBAC', [
    ['make a Speaker', 'POST', `${own}/speakers`, speaker('node-9')],
    ['list all Leases of its namespace', 'GET', `${leases}/lanlord-system/leases`],
    ['read another Lease', 'GET', `${leases}/kube-system/leases/kube-scheduler`],
    ['patch its own Lease', 'PATCH', `${leases}/lanlord-system/leases/lanlord-controller`, { spec: {} }],
    ['delete an Event', 'DELETE', '/apis/events.k8s.io/v1/namespaces/default/events/any'],
    ['read Events', 'GET', '/apis/events.k8s.io/v1/namespaces/default/events'],
    [
      'change a Namespace',
      'PATCH',
      `${core}/namespaces/default`,
      { metadata: { labels: { stolen: 'yes' } } },
    ],
  ]),
  ...refusedBy('policy', [
    ['label a Service', 'PATCH', `${services}/web/status`, { metadata: { labels: { stolen: 'yes' } } }],
    [
      'annotate a Service',
      'PATCH',
      `${services}/web/status`,
      { metadata: { annotations: { stolen: 'yes' } } },
    ],
    [
      'have a Service deleted through an owner',
      'PATCH',
      `${services}/web/status`,
      { metadata: { ownerReferences: [owner] } },
    ],
    [
      'keep a Service from being deleted',
      'PATCH',
      `${services}/web/status`,
      { metadata: { finalizers: ['a.example/b'] } },
    ],
    [
      'give a Service a host name',
      'PATCH',
      `${services}/web/status`,
      addresses({ hostname: 'thief.example' }),
    ],
    [
      'give a Service of another class an address',
      'PATCH',
      `${services}/foreign/status`,
      addresses(stolenAddress),
    ],
    [
      'keep a Speaker from being deleted',
      'PATCH',
      `${own}/speakers/node-1`,
      { metadata: { finalizers: ['a.example/b'] } },
    ],
    [
      'have a Speaker deleted through an owner',
      'PATCH',
      `${own}/speakers/node-1`,
      { metadata: { ownerReferences: [owner] } },
    ],
    ...ofPool([
      ['disable an AddressPool', { spec: { disabled: true } }],
      ['give an AddressPool more addresses', { spec: { addresses: ['192.0.2.1'] } }],
      ['keep an AddressPool for one namespace', { spec: { namespaces: ['thief'] } }],
      ['change an AddressPool beside its finalizer', { metadata: inUse, spec: { retain: '1h' } }],
      ['label an AddressPool', { metadata: { labels: { stolen: 'yes' } } }],
      ['annotate an AddressPool', { metadata: { annotations: { stolen: 'yes' } } }],
      ['have an AddressPool deleted through an owner', { metadata: { ownerReferences: [owner] } }],
      ['keep an AddressPool from being deleted', { metadata: { finalizers: ['a.example/b'] } }],
      [
        'keep an AddressPool from being deleted, beside the finalizer that it may write',
        { metadata: { finalizers: [poolFinalizer, 'a.example/b'] } },
      ],
    ]),
  ]),
]

/** Everything that is tried, by whose token. */
export const attempts: Readonly<Record<Thief, readonly Attempt[]>> = {
  speaker: [...beyondBoth('speaker'), ...bySpeaker],
  'speaker without a pod': bySpeakerWithoutPod,
  controller: [...beyondBoth('controller'), ...byController],
}

const watches = ['services', 'nodes'].map((plural) => `${core}/${plural}`)
const listed = [
  ...watches,
  '/apis/discovery.k8s.io/v1/endpointslices',
  `${own}/addresspools`,
  `${own}/speakers`,
]

const reading = (paths: readonly string[]): readonly ApiRequest[] =>
  paths.flatMap((path) => [
    { method: 'GET', path },
    { method: 'GET', path: `${path}?watch=true&timeoutSeconds=1` },
  ])

/** What each needs, and has: so that a refusal above is one of this request, and not of everything. */
export const needed: Readonly<Record<'speaker' | 'controller', readonly ApiRequest[]>> = {
  speaker: [
    ...reading(listed),
    { method: 'GET', path: `${own}/speakers/node-1` },
    { method: 'PATCH', path: `${own}/speakers/node-1/status`, body: { status: { node: 'node-1' } } },
  ],
  controller: [
    ...reading([...listed, `${core}/namespaces`]),
    ...reading([`${leases}/lanlord-system/leases`]).map(({ method, path }) => ({
      method,
      path: `${path}${path.includes('?') ? '&' : '?'}fieldSelector=metadata.name%3Dlanlord-controller`,
    })),
    { method: 'GET', path: `${own}/speakers/node-1` },
    { method: 'PATCH', path: `${own}/speakers/node-1?dryRun=All`, body: { spec: { revision: 1 } } },
    { method: 'PATCH', path: `${own}/speakers/node-1/status?dryRun=All`, body: { status: {} } },
    { method: 'PATCH', path: `${own}/addresspools/lab/status?dryRun=All`, body: { status: {} } },
    { method: 'PATCH', path: `${own}/addresspools/lab?dryRun=All`, body: { metadata: inUse } },
    { method: 'PATCH', path: `${own}/addresspools/lab?dryRun=All`, body: { metadata: { finalizers: null } } },
    { method: 'PATCH', path: `${services}/web/status?dryRun=All`, body: addresses(stolenAddress) },
    { method: 'POST', path: '/apis/events.k8s.io/v1/namespaces/default/events?dryRun=All', body: event },
  ],
}
