import { poolFinalizer } from '../../../../src/core/api/names.ts'
import { entryRows } from '../../../core/api/address-entries.ts'
import { type WrongObject, wrongPools, wrongSpeakers } from '../../../e2e/wrong-objects.ts'
import {
  answer,
  type Answers,
  apply,
  del,
  get,
  gone,
  json,
  merge,
  post,
  put,
  type Row,
  table,
  watched,
} from './steps.ts'

const apiVersion = 'lanlord.dev/v1beta1'

const pool = (spec: object = {}, rest: object = {}): object => ({
  apiVersion,
  kind: 'AddressPool',
  metadata: { name: '{ns}' },
  spec: { addresses: ['192.168.7.1-192.168.7.9'], ...spec },
  ...rest,
})

const speaker = (spec: object | undefined = {}, rest: object = {}): object => ({
  apiVersion,
  kind: 'Speaker',
  metadata: { name: '{ns}' },
  spec,
  ...rest,
})

const poolRow = (title: string, spec: object, rest: object = {}): Row => ({
  title: `a pool with ${title}`,
  steps: [post('addresspools', pool(spec, rest)), get('addresspools/{ns}'), del('addresspools/{ns}')],
})

const chosenBy = (matchExpressions: unknown): object => ({ serviceSelectors: [{ matchExpressions }] })
const many = (count: number, of: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => of(index))

const pools: readonly Row[] = [
  poolRow('nothing but addresses', {}),
  poolRow('everything', {
    addresses: [' 10.0.0.0/24', '10.0.1.1 - 10.0.1.9', 'fd00::/64'],
    exclude: ['10.0.0.7'],
    autoAssign: false,
    avoidBuggyIPs: true,
    disabled: true,
    priority: -3,
    namespaces: ['shop'],
    namespaceSelectors: [{ matchLabels: { a: 'b' } }],
    serviceSelectors: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }],
    quota: { perNamespace: 3 },
    retain: '1h30m',
    l2: {
      enabled: false,
      interfaces: ['eth*'],
      nodeSelectors: [{}],
      preferredNodes: [{ weight: 3, selector: { matchLabels: { zone: 'a' } } }],
      rebalance: 'Auto',
      readiness: 'None',
    },
  }),
  poolRow('no addresses', { addresses: undefined }),
  poolRow('an empty list of addresses', { addresses: [] }),
  poolRow('addresses that are null', { addresses: null }),
  poolRow('an address that is null', { addresses: [null, '10.0.0.1'] }),
  poolRow('an address that is a number', { addresses: [10, '10.0.0.1'] }),
  poolRow('addresses that are a text', { addresses: '10.0.0.1-10.0.0.9' }),
  poolRow('addresses by family', { addresses: { ipv4: ['10.0.0.1'] } }),
  poolRow('too many addresses', { addresses: many(257, (index) => `10.0.0.${index % 250}`) }),
  poolRow('an entry that is too long', { addresses: ['1'.repeat(101)] }),
  poolRow('several wrong entries', { addresses: ['x', '10.0.0.1', '10.0.0.9-10.0.0.1', 'fe80::1%eth0'] }),
  poolRow('no spec', {}, { spec: undefined }),
  poolRow('a spec that is null', {}, { spec: null }),
  poolRow('a spec that is a text', {}, { spec: 'x' }),
  poolRow('a misspelt field', { adresses: ['10.0.0.1'], L2: {} }),
  poolRow('autoAssign as a text', { autoAssign: 'yes' }),
  poolRow('disabled as null', { disabled: null }),
  poolRow('a priority in words', { priority: 'high' }),
  poolRow('half a priority', { priority: 1.5 }),
  poolRow('a priority beyond all integers', { priority: 1e300 }),
  poolRow('a priority with half too much', { priority: 1_000_000.5 }),
  poolRow('too high a priority', { priority: 1_000_001 }),
  poolRow('a priority that is no int32', { priority: 3_000_000_000 }),
  poolRow('too low a priority', { priority: -1_000_001 }),
  poolRow('wrong exclusions', { exclude: ['10.0.0.1', 'lan'] }),
  poolRow('a namespace in capitals', { namespaces: ['Shop'] }),
  poolRow('a long name of a namespace', { namespaces: ['a'.repeat(64)] }),
  poolRow('namespaces that are a text', { namespaces: 'shop' }),
  poolRow('no retention', { retain: '' }),
  poolRow('a retention of a day', { retain: '1d' }),
  poolRow('a retention that is a number', { retain: 30 }),
  poolRow('a long retention', { retain: '1h'.repeat(11) }),
  poolRow('a quota of nothing', { quota: { perNamespace: 0 } }),
  poolRow('a quota in words', { quota: { perNamespace: 'few' } }),
  poolRow('a quota that is a number', { quota: 3 }),
  poolRow('l2 that is null', { l2: null }),
  poolRow('l2 that is a flag', { l2: true }),
  poolRow('an unknown way to rebalance', { l2: { rebalance: 'Never' } }),
  poolRow('an unknown readiness', { l2: { readiness: 'wait' } }),
  poolRow('a readiness that is a flag', { l2: { readiness: true } }),
  poolRow('a path of an interface', { l2: { interfaces: ['/dev/eth0', 'eth0, eth1', ''] } }),
  poolRow('a long name of an interface', { l2: { interfaces: ['e'.repeat(65)] } }),
  poolRow('preferred nodes without weight', { l2: { preferredNodes: [{ selector: {} }] } }),
  poolRow('preferred nodes without selector', { l2: { preferredNodes: [{ weight: 5 }] } }),
  poolRow('too great a weight', { l2: { preferredNodes: [{ weight: 101, selector: {} }] } }),
  poolRow('too many preferred nodes', {
    l2: { preferredNodes: many(17, String).map(() => ({ weight: 1, selector: {} })) },
  }),
  poolRow('one selector in place of a list', { serviceSelectors: { matchLabels: { a: 'b' } } }),
  poolRow('labels that are numbers', { serviceSelectors: [{ matchLabels: { a: 1 } }] }),
  poolRow('a label with a long value', { serviceSelectors: [{ matchLabels: { a: 'b'.repeat(64) } }] }),
  poolRow('an unknown operator', chosenBy([{ key: 'a', operator: 'Is', values: ['b'] }])),
  poolRow('an operator without values', chosenBy([{ key: 'a', operator: 'In' }])),
  poolRow('an operator with no values', chosenBy([{ key: 'a', operator: 'NotIn', values: [] }])),
  poolRow('an operator with values', chosenBy([{ key: 'a', operator: 'Exists', values: ['b'] }])),
  poolRow('no operator', chosenBy([{ key: 'a' }])),
  poolRow('no key', chosenBy([{ operator: 'Exists' }])),
  poolRow('an empty key', chosenBy([{ key: '', operator: 'Exists' }])),
  poolRow('a status', {}, { status: { ipv4: { total: 1 } } }),
  poolRow('mistakes of every sort', {
    addresses: ['x', 5],
    priority: 'y',
    retain: '1d',
    quota: { perNamespace: 0 },
    l2: { rebalance: 'Never', interfaces: ['/'] },
    unknown: 1,
  }),
  ...entryRows.map(({ text }) => ({
    title: `the entry ${JSON.stringify(text)}`,
    steps: [post('addresspools?dryRun=All', pool({ addresses: [text] }))],
  })),
]

const condition = (more: object = {}): object => ({
  type: 'Ready',
  status: 'True',
  reason: 'Ready',
  message: 'fine',
  lastTransitionTime: '2025-01-01T00:00:00Z',
  ...more,
})
const used = (more: object = {}): object => ({
  total: 9,
  allocated: 1,
  retained: 0,
  quarantined: 0,
  available: 8,
  ...more,
})
const status = (kind: string, value: unknown, of: () => object): Row['steps'] => [
  post(kind, of()),
  merge(`${kind}/{ns}/status`, { status: value }),
  table(`${kind}/{ns}?includeObject=None`),
  del(`${kind}/{ns}`),
]
const poolStatus = (title: string, value: unknown): Row => ({
  title: `a pool whose status has ${title}`,
  steps: status('addresspools', value, pool),
})

const poolStatuses: readonly Row[] = [
  poolStatus('all there is', {
    ipv4: used(),
    ipv6: used({ total: 9_007_199_254_740_991 }),
    conditions: [condition(), condition({ type: 'Other', observedGeneration: 1 })],
  }),
  poolStatus('a number missing', { ipv4: { total: 1 } }),
  poolStatus('a number below nought', { ipv4: used({ available: -1 }) }),
  poolStatus('half an address', { ipv4: used({ available: 0.5 }) }),
  poolStatus('a condition twice', { conditions: [condition(), condition()] }),
  poolStatus('a condition of no type', { conditions: [condition({ type: '' })] }),
  poolStatus('a condition that is maybe', { conditions: [condition({ status: 'Maybe' })] }),
  poolStatus('a condition that is true', { conditions: [condition({ status: true })] }),
  poolStatus('a condition with no time', { conditions: [condition({ lastTransitionTime: 'now' })] }),
  poolStatus('a condition with a day', { conditions: [condition({ lastTransitionTime: '2025-01-01' })] }),
  poolStatus('a condition without message', { conditions: [condition({ message: undefined })] }),
  poolStatus('conditions that are a text', { conditions: 'Ready' }),
  poolStatus('an unknown field', { phase: 'Ready' }),
  poolStatus('nothing', null),
  poolStatus('a text in its place', 'Ready'),
]

const speakerRow = (title: string, spec: object | undefined, rest: object = {}): Row => ({
  title: `a speaker with ${title}`,
  steps: [post('speakers', speaker(spec, rest)), del('speakers/{ns}')],
})
const placed = (more: object = {}): object => ({
  address: '10.0.0.1',
  revision: 3,
  pool: 'lan',
  services: ['shop/web'],
  ...more,
})
const speakerStatus = (title: string, value: unknown): Row => ({
  title: `a speaker whose status has ${title}`,
  steps: status('speakers', value, speaker),
})
const announced = (more: object = {}): object => ({
  address: '10.0.0.1',
  interface: 'eth0',
  mac: '02:00:00:00:00:01',
  since: '2025-01-01T00:00:00Z',
  cause: 'Elected',
  ...more,
})

const speakers: readonly Row[] = [
  speakerRow('an address', { revision: 3, addresses: [placed()] }),
  speakerRow('no spec', undefined),
  speakerRow('a revision in words', { revision: 'one' }),
  speakerRow('a revision below nought', { revision: -1 }),
  speakerRow('too great a revision', { revision: 281_474_976_710_656 }),
  speakerRow('half a revision', { revision: 0.5 }),
  speakerRow('a revision that is null', { revision: null }),
  speakerRow('addresses that are texts', { addresses: ['10.0.0.1'] }),
  speakerRow('addresses that are an object', { addresses: {} }),
  speakerRow('an address that is missing', { addresses: [placed({ address: undefined })] }),
  speakerRow('an address that is empty', { addresses: [placed({ address: '' })] }),
  speakerRow('an address that is too long', { addresses: [placed({ address: '1'.repeat(46) })] }),
  speakerRow('an address that is a number', { addresses: [placed({ address: 1 })] }),
  speakerRow('an address of no pool', { addresses: [placed({ pool: undefined })] }),
  speakerRow('an address of no Service', { addresses: [placed({ services: undefined })] }),
  speakerRow('an address of Services that are null', { addresses: [placed({ services: null })] }),
  speakerRow('an address with half of all', { addresses: [{}] }),
  speakerRow('an unknown field', { address: '10.0.0.1' }),
  speakerRow('a status', {}, { status: { node: 'a' } }),
  speakerStatus('all there is', {
    node: 'node-1',
    interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01', addresses: ['10.0.0.2/24'], segment: 'a' }],
    announcing: [announced()],
    peers: [{ node: 'node-2', interface: 'eth0', since: '2025-01-01T00:00:00.123Z' }],
    conflicts: [
      { address: '10.0.0.1', mac: '02:00:00:00:00:02', interface: 'eth0', since: '2025-01-01T00:00:00Z' },
    ],
    count: 1,
    peerCount: 1,
    summary: '10.0.0.1',
    observedRevision: 3,
    conditions: [condition()],
  }),
  speakerStatus('an interface without a MAC address', { interfaces: [{ name: 'eth0', addresses: [] }] }),
  speakerStatus('an interface with a long name', {
    interfaces: [{ name: 'e'.repeat(16), mac: '', addresses: [] }],
  }),
  speakerStatus('no beginning', { announcing: [announced({ since: undefined })] }),
  speakerStatus('a beginning in words', { announcing: [announced({ since: 'yesterday' })] }),
  speakerStatus('a beginning with a comma', { announcing: [announced({ since: '2025-01-01T00:00:00,5Z' })] }),
  speakerStatus('a beginning that is a number', { announcing: [announced({ since: 5 })] }),
  speakerStatus('a beginning that is null', { announcing: [announced({ since: null })] }),
  speakerStatus('too great a count', { count: 2_147_483_648 }),
  speakerStatus('a count in words', { count: 'two' }),
  speakerStatus('a long summary', { summary: 's'.repeat(257) }),
  speakerStatus('several mistakes', { count: -1, node: 5, conditions: [{}], peers: 'none' }),
]

const applied = (spec: unknown): object => ({
  apiVersion,
  kind: 'AddressPool',
  metadata: { name: '{ns}' },
  spec,
})

/** Marks a pool as in use, for the version that an earlier step answered. */
const marked =
  (place: number, ...more: readonly string[]) =>
  (answers: Answers): object => {
    const resourceVersion = answers[place]?.metadata['resourceVersion']
    return { metadata: { resourceVersion, finalizers: [poolFinalizer, ...more] } }
  }

const changes: readonly Row[] = [
  {
    title: 'a pool that is changed in every way',
    steps: [
      post('addresspools', pool({}, { metadata: { name: '{ns}', finalizers: ['lanlord.dev/a', 'odd'] } })),
      merge('addresspools/{ns}', { spec: { priority: 5 } }),
      merge('addresspools/{ns}', { spec: { priority: 5 } }),
      merge('addresspools/{ns}', { spec: { addresses: ['10.0.0.9-10.0.0.1'] } }),
      merge('addresspools/{ns}', { spec: { l2: { rebalance: 'Never' } } }),
      json('addresspools/{ns}', [{ op: 'add', path: '/spec/addresses/-', value: 'x' }]),
      json('addresspools/{ns}', [{ op: 'add', path: '/spec/addresses/-', value: '10.0.0.1' }]),
      merge('addresspools/{ns}', {
        metadata: { annotations: { 'lanlord.dev/a': 'b' }, finalizers: ['none/'] },
      }),
      put(
        'addresspools/{ns}',
        answer(6, (object) => ({ ...object, spec: { addresses: [] } })),
      ),
      put(
        'addresspools/{ns}',
        answer(6, (object) => ({ ...object, spec: { addresses: ['::1'] } })),
      ),
      apply('addresspools/{ns}?fieldManager=kubectl', applied({ addresses: ['10.0.0.1'] })),
      apply('addresspools/{ns}?fieldManager=kubectl&force=true', applied({ addresses: ['10.0.0.1'] })),
      apply('addresspools/{ns}?fieldManager=other', applied({ addresses: ['10.0.0.1'], priority: 9 })),
      apply('addresspools/{ns}?fieldManager=other&force=true', applied({ addresses: 'x' })),
      merge('addresspools/{ns}/status', { status: { conditions: [condition()] } }),
      merge('addresspools/{ns}/status', { status: { conditions: [condition({ status: 'No' })] } }),
      table('addresspools?fieldSelector=metadata.name%3D{ns}'),
      watched('addresspools?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3D{ns}'),
      del('addresspools/{ns}'),
      merge('addresspools/{ns}', { spec: { priority: 6 } }),
      merge('addresspools/{ns}', { metadata: { finalizers: ['lanlord.dev/a', 'odd', 'new/one'] } }),
      merge('addresspools/{ns}', { metadata: { finalizers: null } }),
      get('addresspools/{ns}'),
    ],
  },
  {
    title: 'a pool in use that is deleted, and goes when it is in use no more',
    steps: [
      post('addresspools', pool()),
      merge('addresspools/{ns}', marked(0)),
      merge('addresspools/{ns}', marked(0)),
      merge('addresspools/{ns}', marked(1)),
      del('addresspools/{ns}'),
      get('addresspools/{ns}'),
      merge('addresspools/{ns}', marked(3, 'new/one')),
      merge('addresspools/{ns}/status', { status: { conditions: [condition({ reason: 'Leaving' })] } }),
      merge('addresspools/{ns}/status', { metadata: { finalizers: null }, status: { conditions: [] } }),
      merge('addresspools/{ns}', { spec: { disabled: true } }),
      post('addresspools', pool()),
      del('addresspools/{ns}'),
      watched('addresspools?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3D{ns}'),
      merge('addresspools/{ns}', { metadata: { finalizers: [poolFinalizer] } }),
      merge('addresspools/{ns}?dryRun=All', { metadata: { finalizers: null } }),
      merge('addresspools/{ns}', { metadata: { finalizers: null } }),
      gone('addresspools/{ns}'),
      merge('addresspools/{ns}', { metadata: { finalizers: null } }),
      post('addresspools', pool()),
      del('addresspools/{ns}'),
    ],
  },
  {
    title: 'conditions of a pool that are applied by two',
    steps: [
      post('addresspools', pool()),
      apply('addresspools/{ns}/status?fieldManager=a', {
        ...applied(undefined),
        status: { conditions: [condition()] },
      }),
      apply('addresspools/{ns}/status?fieldManager=b', {
        ...applied(undefined),
        status: { conditions: [condition({ type: 'Other' })] },
      }),
      apply('addresspools/{ns}/status?fieldManager=b', {
        ...applied(undefined),
        status: { conditions: [condition({ status: 'False' })] },
      }),
      apply('addresspools/{ns}/status?fieldManager=a', { ...applied(undefined), status: {} }),
      del('addresspools/{ns}'),
    ],
  },
]

/** What is tried on every ground to be refused there, refused here in the same words. */
const wrongRow = (kind: string, plural: string, { wrong, spec }: WrongObject): Row => ({
  title: `the ${kind} that ${wrong}`,
  steps: [post(plural, { apiVersion, kind, metadata: { name: '{ns}' }, spec })],
})

const wrongOnes: readonly Row[] = [
  ...wrongPools.map((one) => wrongRow('AddressPool', 'addresspools', one)),
  ...wrongSpeakers.map((one) => wrongRow('Speaker', 'speakers', one)),
]

export const ownRows: readonly Row[] = [...pools, ...poolStatuses, ...speakers, ...changes, ...wrongOnes]
