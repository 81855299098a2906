import { widget, widgetDefinition } from '../manifests.ts'
import {
  answer,
  apply,
  del,
  get,
  json,
  merge,
  post,
  put,
  type Row,
  strategic,
  table,
  watched,
} from './steps.ts'

const refused = (title: string, spec: object, rest: object = {}): Row => ({
  title: `a Widget with ${title}`,
  steps: [post('widgets', { ...widget('{ns}', spec), ...rest }), del('widgets/{ns}')],
})

const objects: readonly Row[] = [
  {
    title: 'a Widget from its making to its end',
    steps: [
      post('widgets', { ...widget('{ns}', { unknown: 1 }), status: { conditions: [] }, extra: true }),
      get('widgets/{ns}'),
      merge('widgets/{ns}/status', {
        spec: { size: 9 },
        status: { conditions: [{ type: 'Ready', status: 'True' }], unknown: 1 },
        metadata: { labels: { a: 'b' } },
      }),
      merge('widgets/{ns}', { metadata: { labels: { a: 'b' } } }),
      merge('widgets/{ns}', { spec: { size: 4 } }),
      merge('widgets/{ns}', { spec: { size: 4 } }),
      merge('widgets/{ns}', { spec: { size: 40 } }),
      merge('widgets/{ns}', { spec: { size: 'x' } }),
      merge('widgets/{ns}', { spec: null }),
      merge('widgets/{ns}', { spec: { color: null } }),
      merge('widgets/{ns}', { status: { conditions: null } }),
      json('widgets/{ns}', [{ op: 'replace', path: '/spec/size', value: 5 }]),
      json('widgets/{ns}', [{ op: 'remove', path: '/spec/none' }]),
      strategic('widgets/{ns}', { spec: { size: 4 } }),
      { ...merge('widgets/{ns}', {}), contentType: 'application/json' },
      put('widgets/{ns}', widget('{ns}', { size: 6 })),
      put('widgets/{ns}', answer(0)),
      put(
        'widgets/{ns}',
        answer(11, (object) => ({ ...object, spec: { size: 7 } })),
      ),
      put(
        'widgets/{ns}/status',
        answer(17, (object) => ({ ...object, spec: { size: 1 }, status: {} })),
      ),
      put('widgets/other-{ns}', widget('other-{ns}')),
      table('widgets/{ns}'),
      get('widgets?labelSelector=nobody%3Dhas'),
      get('widgets?limit=1&fieldSelector=metadata.name%3D{ns}'),
      watched('widgets?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3D{ns}'),
      get('widgets?fieldSelector=spec.size%3D1'),
      apply('widgets/{ns}?fieldManager=a', {
        apiVersion: 'example.io/v1',
        kind: 'Widget',
        metadata: { name: '{ns}' },
        spec: { color: 'blue' },
      }),
      apply('widgets/{ns}?fieldManager=b&force=true', {
        apiVersion: 'example.io/v1',
        kind: 'Widget',
        metadata: { name: '{ns}' },
        spec: { color: 'blue', tags: ['a'] },
      }),
      apply('widgets/{ns}?fieldManager=c', {
        apiVersion: 'example.io/v1',
        kind: 'Widget',
        metadata: { name: '{ns}' },
        spec: { nothing: 1 },
      }),
      apply('widgets/{ns}/status?fieldManager=c', {
        apiVersion: 'example.io/v1',
        kind: 'Widget',
        metadata: { name: '{ns}' },
        status: { conditions: [] },
      }),
      apply('widgets/new-{ns}?fieldManager=c', {
        apiVersion: 'example.io/v1',
        kind: 'Widget',
        metadata: { name: 'new-{ns}' },
      }),
      apply('widgets/new-{ns}?fieldManager=c', {
        apiVersion: 'example.io/v1',
        kind: 'Widget',
        metadata: { name: 'new-{ns}' },
        spec: { size: 1 },
      }),
      del('widgets/{ns}'),
      del('widgets/new-{ns}', { propagationPolicy: 'Foreground' }),
      get('widgets/{ns}'),
      get('widgets/{ns}/scale'),
      get('widgets/{ns}/nothing'),
      post('/apis/example.io/v1/namespaces/{ns}/widgets', widget('{ns}')),
      put('widgets', widget('{ns}')),
      get('/apis/example.io/v2/widgets'),
      get('/apis/example.io/v1/gadgets'),
      get('/apis/example.io/v1'),
      get('/apis/example.io'),
    ],
  },
  refused('no size', { size: undefined }),
  refused('no spec', {}, { spec: undefined }),
  refused('a spec that is null', {}, { spec: null }),
  refused('a spec that is a text', {}, { spec: 'x' }),
  refused('a spec that is a list', {}, { spec: [] }),
  refused('a size in words', { size: 'three' }),
  refused('half a size', { size: 2.5 }),
  refused('a size that is whole', { size: 3.0 }),
  refused('too small a size', { size: 0 }),
  refused('too large a size', { size: 11 }),
  refused('a size of null', { size: null }),
  refused('a color of null', { color: null }),
  refused('an unknown color', { color: 'grey' }),
  refused('a color that is a number', { color: 5 }),
  refused('an address that is none', { address: '1.2.3' }),
  refused('an address of IPv6', { address: 'fd00::1' }),
  refused('too many tags', { tags: ['a', 'b', 'c'] }),
  refused('a tag twice', { tags: ['a', 'a'] }),
  refused('a wrong tag', { tags: ['A'] }),
  refused('tags that are a text', { tags: 'a' }),
  refused('a tag that is null', { tags: [null] }),
  refused('a tag that is an object', { tags: [{ a: 'b' }] }),
  refused('several mistakes', { size: 30, color: 'grey', tags: ['a', 'B', 'c'] }),
  refused('an unknown field', { colour: 'red' }),
  refused('metadata that is a text', {}, { metadata: 'x' }),
  refused('labels that are a text', {}, { metadata: { name: '{ns}', labels: 'x' } }),
  refused('a label that is a number', {}, { metadata: { name: '{ns}', labels: { a: 1 } } }),
  refused('an unknown field of metadata', {}, { metadata: { name: '{ns}', label: {} } }),
  refused('a wrong label', {}, { metadata: { name: '{ns}', labels: { 'a b': 'c d' } } }),
  refused('a wrong name', {}, { metadata: { name: 'Bad_{ns}' } }),
  refused('no name', {}, { metadata: {} }),
  refused('a wrong finalizer', {}, { metadata: { name: '{ns}', finalizers: ['one', 'a b'] } }),
  refused('another kind', {}, { kind: 'Gadget' }),
  refused('another version', {}, { apiVersion: 'example.io/v2' }),
  refused('no kind', {}, { kind: undefined, apiVersion: undefined }),
  {
    title: 'unknown fields of a Widget, in each of the ways',
    steps: [
      post('widgets?fieldValidation=Strict', {
        ...widget('{ns}', { colour: 'red' }),
        extra: 1,
        metadata: { name: '{ns}', label: {} },
      }),
      post('widgets?fieldValidation=Warn&dryRun=All', {
        ...widget('{ns}', { colour: 'red' }),
        extra: 1,
        metadata: { name: '{ns}', label: {} },
      }),
      post('widgets?fieldValidation=Ignore', widget('{ns}', { colour: 'red' })),
      merge('widgets/{ns}?fieldValidation=Strict', { spec: { colour: 'red' } }),
      merge('widgets/{ns}', { spec: { colour: 'red' } }),
      put(
        'widgets/{ns}?fieldValidation=Strict',
        answer(2, (object) => ({ ...object, spec: { size: 1, colour: 1 } })),
      ),
      del('widgets/{ns}'),
    ],
  },
  {
    title: 'bodies of a Widget that are no JSON',
    steps: [
      post('widgets', undefined),
      post('widgets', 'x'),
      post('widgets', []),
      post('widgets', null),
      post('widgets', Buffer.from('{"spec":')),
      { ...post('widgets', widget('{ns}')), contentType: 'text/plain' },
      { ...get('widgets'), accept: 'text/html' },
    ],
  },
]

const { spec } = widgetDefinition
const named = (plural: string, kind: string, more: object = {}): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.example.io` },
  spec: { ...spec, names: { plural, kind }, ...more },
})
const [version] = spec.versions
const withSchema = (openAPIV3Schema: object): object =>
  named('things', 'Thing', {
    versions: [{ ...version, additionalPrinterColumns: undefined, schema: { openAPIV3Schema } }],
  })
const wrong = (title: string, body: object): Row => ({
  title: `a definition with ${title}`,
  steps: [post('definitions', body)],
})

const definitions: readonly Row[] = [
  wrong('another name', { ...named('things', 'Thing'), metadata: { name: 'others.example.io' } }),
  wrong('no group', named('things', 'Thing', { group: undefined })),
  wrong('no scope', named('things', 'Thing', { scope: undefined })),
  wrong('a wrong scope', named('things', 'Thing', { scope: 'Global' })),
  wrong('no versions', named('things', 'Thing', { versions: [] })),
  wrong('no names', named('things', 'Thing', { names: {} })),
  wrong('no storage', named('things', 'Thing', { versions: [{ ...version, storage: false }] })),
  wrong('two storages', named('things', 'Thing', { versions: [version, { ...version, name: 'v2' }] })),
  wrong('a version twice', named('things', 'Thing', { versions: [version, { ...version, storage: false }] })),
  wrong('no schema', named('things', 'Thing', { versions: [{ ...version, schema: undefined }] })),
  wrong('a schema without a type', withSchema({ properties: { spec: {} } })),
  wrong('a list without items', withSchema({ type: 'object', properties: { spec: { type: 'array' } } })),
  wrong(
    'a wrong column',
    named('things', 'Thing', {
      versions: [{ ...version, additionalPrinterColumns: [{ name: 'A', type: 'color', jsonPath: 'x' }] }],
    }),
  ),
]

export const customRows: readonly Row[] = [...objects, ...definitions]
