import { configMap, service } from '../manifests.ts'
import { del, get, merge, post, type Row, table, watched } from './steps.ts'

const made = ['a', 'b', 'c', 'd', 'e'].map((name) =>
  post('configmaps', configMap(name, {}, { labels: { name, odd: 'aceg'.includes(name) ? 'yes' : 'no' } })),
)
const list = (query: string): Row['steps'][number] => get(`configmaps?${query}`)
const next = (place: number, query: string) =>
  get(
    (answers) =>
      `/api/v1/namespaces/{ns}/configmaps?${query}&continue=${answers[place]?.metadata.continue ?? ''}`,
  )

export const readRows: readonly Row[] = [
  {
    title: 'pages of a list',
    steps: [
      ...made,
      list('limit=2'),
      next(5, 'limit=2'),
      next(6, 'limit=2'),
      list('limit=5'),
      list('limit=-1'),
      list('limit=x'),
      list('continue=x'),
      list('continue=x&limit=2'),
      list('limit=2&labelSelector=odd%3Dyes'),
      next(13, 'limit=2&labelSelector=odd%3Dyes'),
      list('limit=2&fieldSelector=metadata.name!%3Da'),
    ],
  },
  {
    title: 'versions of a list',
    steps: [
      ...made,
      list('resourceVersion=0&limit=1'),
      list('resourceVersion=x'),
      list('resourceVersionMatch=Exact'),
      list('resourceVersion=1&resourceVersionMatch=Sometimes'),
      list('resourceVersion=0&resourceVersionMatch=Exact'),
      list('sendInitialEvents=true'),
      list('resourceVersion=0&resourceVersionMatch=NotOlderThan'),
      get('configmaps/a?resourceVersion=0'),
      get('configmaps/a?resourceVersion=x'),
    ],
  },
  {
    title: 'selectors',
    steps: [
      ...made,
      ...[
        'name=a',
        'name==a',
        'name!=a',
        'name in (a,b)',
        'name notin (a, b)',
        'name',
        '!name',
        'missing',
        '!missing',
        'odd=yes,name!=a',
        'name in ()',
        'name in (a',
        'name in a',
        '=a',
        '==',
        'name=a b',
        'a b',
        'name=a,',
        ',',
        'name>1',
        'name>x',
        'na me=a',
        'name=-a',
        '-name=a',
        'x in (a),(b)',
      ].map((text) => list(`labelSelector=${encodeURIComponent(text)}`)),
      ...[
        'metadata.name=a',
        'metadata.name==a',
        'metadata.name!=a',
        'metadata.namespace={ns}',
        'metadata.name',
        'data.a=b',
        'metadata.uid=x',
        'metadata.name=a,metadata.name=b',
        '=',
        'metadata.name=a,',
        'metadata.name>a',
      ].map((text) => list(`fieldSelector=${encodeURIComponent(text).replaceAll('%7Bns%7D', '{ns}')}`)),
    ],
  },
  {
    title: 'fields of kinds that can be selected by',
    steps: [
      post('services', service('web')),
      ...['spec.type=LoadBalancer', 'spec.clusterIP=None', 'spec.ports=x', 'status.x=y'].map((text) =>
        get(`services?fieldSelector=${encodeURIComponent(text)}`),
      ),
      ...[
        'spec.nodeName=',
        'status.phase=Running',
        'spec.restartPolicy=Always',
        'status.podIP=',
        'spec.hostname=x',
      ].map((text) => get(`pods?fieldSelector=${encodeURIComponent(text)}`)),
      get('nodes?fieldSelector=spec.unschedulable%3Dtrue'),
      get('nodes?fieldSelector=spec.podCIDR%3Dx'),
      get('secrets?fieldSelector=type%3DOpaque'),
      get('namespaces?fieldSelector=status.phase%3DNone'),
      get('deployments?fieldSelector=spec.replicas%3D1'),
      get('leases?fieldSelector=spec.holderIdentity%3Dx'),
      get('addresspools?fieldSelector=spec.priority%3D1'),
    ],
  },
  {
    title: 'a watch from a version',
    steps: [
      post('configmaps', configMap('a')),
      post('configmaps', configMap('b')),
      merge('configmaps/a', { data: { x: '1' } }),
      del('configmaps/b'),
      watched(
        (answers) =>
          `/api/v1/namespaces/{ns}/configmaps?watch=1&timeoutSeconds=1&resourceVersion=${answers[0]?.metadata.resourceVersion}`,
      ),
      watched(
        (answers) =>
          `/api/v1/namespaces/{ns}/configmaps?watch=1&timeoutSeconds=1&resourceVersion=${answers[0]?.metadata.resourceVersion}&fieldSelector=metadata.name%3Da`,
      ),
    ],
  },
  {
    title: 'a watch of what comes into a selection and leaves it',
    steps: [
      post('configmaps', configMap('first')),
      post('configmaps', configMap('a', {}, { labels: { x: '1' } })),
      post('configmaps', configMap('b')),
      merge('configmaps/a', { data: { k: '1' } }),
      merge('configmaps/a', { metadata: { labels: { x: '2' } } }),
      merge('configmaps/a', { data: { k: '2' } }),
      merge('configmaps/b', { metadata: { labels: { x: '1' } } }),
      merge('configmaps/a', { metadata: { labels: { x: '1' } } }),
      merge('configmaps/a', { metadata: { finalizers: ['example.io/hold'] } }),
      del('configmaps/a'),
      merge('configmaps/a', { metadata: { finalizers: null } }),
      del('configmaps/b'),
      ...['', '&labelSelector=x%3D1', '&labelSelector=x!%3D1', '&fieldSelector=metadata.name%3Db'].map(
        (query) =>
          watched(
            (answers) =>
              `/api/v1/namespaces/{ns}/configmaps?watch=1&timeoutSeconds=1&resourceVersion=${answers[0]?.metadata.resourceVersion}${query}`,
          ),
      ),
      {
        ...watched(
          (answers) =>
            `/api/v1/namespaces/{ns}/configmaps?watch=1&timeoutSeconds=1&resourceVersion=${answers[0]?.metadata.resourceVersion}&labelSelector=x%3D1`,
        ),
        accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      },
      {
        ...watched(
          (answers) =>
            `/api/v1/namespaces/{ns}/configmaps?watch=1&timeoutSeconds=1&resourceVersion=${answers[0]?.metadata.resourceVersion}&labelSelector=x%3D1`,
        ),
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
      },
      get(
        (answers) =>
          `/api/v1/namespaces/{ns}/configmaps?resourceVersion=${Number(answers[11]?.metadata.resourceVersion ?? 0) + 1_000_000}`,
      ),
      get(
        (answers) =>
          `/api/v1/namespaces/{ns}/configmaps?resourceVersionMatch=Exact&resourceVersion=${answers[3]?.metadata.resourceVersion}`,
      ),
      watched(
        (answers) =>
          `/api/v1/namespaces/{ns}/configmaps?watch=1&timeoutSeconds=1&resourceVersion=${Number(answers[11]?.metadata.resourceVersion ?? 0) + 1_000_000}`,
      ),
    ],
  },
  {
    title: 'a watch from now and one of the start',
    steps: [
      post('configmaps', configMap('a')),
      watched('configmaps?watch=true&timeoutSeconds=1'),
      watched('configmaps?watch=true&timeoutSeconds=1&resourceVersion=0'),
      watched(
        'configmaps?watch=true&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
      ),
      watched(
        'configmaps?watch=true&timeoutSeconds=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan',
      ),
      watched('configmaps/a?watch=true&timeoutSeconds=1'),
      watched('configmaps?watch=true&timeoutSeconds=1&labelSelector=x'),
    ],
  },
  {
    title: 'a watch that cannot be',
    steps: [
      watched('configmaps?watch=true&timeoutSeconds=1&sendInitialEvents=true'),
      watched('configmaps?watch=true&timeoutSeconds=1&resourceVersionMatch=Exact'),
      watched('configmaps?watch=true&timeoutSeconds=1&resourceVersion=x'),
      watched('configmaps?watch=true&timeoutSeconds=x'),
      watched('configmaps?watch=maybe&timeoutSeconds=1'),
      watched('configmaps?watch=true&timeoutSeconds=1&labelSelector=%3D'),
    ],
  },
  {
    title: 'tables',
    steps: [
      post('configmaps', configMap('a', { x: '1', y: '2' })),
      post('secrets', { metadata: { name: 's' }, stringData: { a: 'b' } }),
      post('services', service('web')),
      table('configmaps'),
      table('configmaps?includeObject=None'),
      table('configmaps?includeObject=Object'),
      table('configmaps?includeObject=Some'),
      table('secrets'),
      table('services'),
      {
        ...watched('services?watch=1&timeoutSeconds=1'),
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
      },
      { ...get('services'), accept: 'application/json;as=Table;v=v2;g=meta.k8s.io' },
    ],
  },
]
