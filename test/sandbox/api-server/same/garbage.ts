import { configMap } from '../manifests.ts'
import { type Answers, becomes, del, get, gone, merge, post, type Row } from './steps.ts'

/** A ConfigMap that belongs to the one that the first step made. */
const owned =
  (name: string, more: object = {}, metadata: object = {}) =>
  (answers: Answers): object => {
    const owner = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'owner',
      uid: answers[0]?.metadata['uid'],
      ...more,
    }
    return configMap(name, {}, { ownerReferences: [owner], ...metadata })
  }

const family = [
  post('configmaps', configMap('owner')),
  post('configmaps', owned('one')),
  post('configmaps', owned('two')),
]
const isFree = ({ metadata }: { metadata: Record<string, unknown> }): boolean =>
  metadata['ownerReferences'] === undefined
const policy = (propagationPolicy: string): object => ({ propagationPolicy })

/** What the garbage collector and the end of a namespace do, after the request that made it due. */
export const garbageRows: readonly Row[] = [
  {
    title: 'dependents of an owner that is deleted',
    steps: [...family, del('configmaps/owner'), gone('configmaps/one'), gone('configmaps/two')],
  },
  {
    title: 'dependents of an owner that is deleted in the background',
    steps: [
      ...family,
      del('configmaps/owner', policy('Background')),
      gone('configmaps/one'),
      gone('configmaps/two'),
    ],
  },
  {
    title: 'dependents of an owner that is deleted in the foreground',
    steps: [
      ...family,
      post('configmaps', owned('slow', { blockOwnerDeletion: true }, { finalizers: ['example.io/hold'] })),
      del('configmaps/owner', policy('Foreground')),
      gone('configmaps/one'),
      gone('configmaps/two'),
      becomes('configmaps/slow', ({ metadata }) => metadata['deletionTimestamp'] !== undefined),
      get('configmaps/owner'),
      merge('configmaps/slow', { metadata: { finalizers: null } }),
      gone('configmaps/owner'),
    ],
  },
  {
    title: 'an owner in the foreground whose dependents do not block it',
    steps: [
      post('configmaps', configMap('owner')),
      post('configmaps', owned('slow', {}, { finalizers: ['example.io/hold'] })),
      del('configmaps/owner', policy('Foreground')),
      gone('configmaps/owner'),
      becomes('configmaps/slow', ({ metadata }) => metadata['deletionTimestamp'] !== undefined),
      merge('configmaps/slow', { metadata: { finalizers: null } }),
    ],
  },
  {
    title: 'dependents of an owner that leaves them',
    steps: [
      ...family,
      del('configmaps/owner', policy('Orphan')),
      gone('configmaps/owner'),
      becomes('configmaps/one', isFree),
    ],
  },
  {
    title: 'dependents of an owner that leaves them, said in the old way',
    steps: [
      ...family,
      del('configmaps/owner', { orphanDependents: true }),
      gone('configmaps/owner'),
      becomes('configmaps/one', isFree),
    ],
  },
  {
    title: 'an object of an owner that was never there',
    steps: [
      post('configmaps', configMap('owner')),
      post('configmaps', owned('lost', { uid: '11111111-2222-3333-4444-555555555555', name: 'nobody' })),
      gone('configmaps/lost'),
    ],
  },
  {
    title: 'a namespace that goes with what is in it',
    steps: [
      post('namespaces', { metadata: { name: 'made-{ns}' } }),
      post('/api/v1/namespaces/made-{ns}/configmaps', configMap('a')),
      post(
        '/api/v1/namespaces/made-{ns}/configmaps',
        configMap('b', {}, { finalizers: ['example.io/hold'] }),
      ),
      del('namespaces/made-{ns}'),
      gone('/api/v1/namespaces/made-{ns}/configmaps/a'),
      post('/api/v1/namespaces/made-{ns}/configmaps', configMap('c')),
      becomes(
        'namespaces/made-{ns}',
        ({ status }) => (status as { conditions?: unknown }).conditions !== undefined,
      ),
      merge('/api/v1/namespaces/made-{ns}/configmaps/b', { metadata: { finalizers: null } }),
      gone('namespaces/made-{ns}'),
    ],
  },
]
