import { answer, becomes, del, get, json, merge, post, put, type Row } from './steps.ts'

const rule = (rule: string, more: object = {}): object => ({ rule, ...more })
const rules = (...list: readonly object[]): object => ({ 'x-kubernetes-validations': list })

/** A kind with rules of every sort, besides those that our own kinds have. */
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'limits.rules.example.io' },
  spec: {
    group: 'rules.example.io',
    scope: 'Namespaced',
    names: { plural: 'limits', kind: 'Limit' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            ...rules(rule('self.metadata.name.size() < 40', { message: 'has too long a name' })),
            properties: {
              spec: {
                type: 'object',
                ...rules(
                  rule('!has(self.least) || !has(self.most) || self.least <= self.most', {
                    messageExpression: `'least is above ' + (self.most > 2 ? 'the most' : 'nothing')`,
                  }),
                  rule('!has(self.ratio) || self.ratio < 0.5', {
                    fieldPath: '.ratio',
                    message: 'is too high',
                  }),
                ),
                properties: {
                  least: { type: 'integer', ...rules(rule('self >= oldSelf', { message: 'may only grow' })) },
                  most: { type: 'integer', maximum: 100 },
                  ratio: { type: 'number' },
                  name: {
                    type: 'string',
                    maxLength: 10,
                    ...rules(
                      rule(`self != 'forbidden'`, {
                        reason: 'FieldValueForbidden',
                        message: 'is not to be used',
                      }),
                      rule(`self != 'required'`, {
                        reason: 'FieldValueRequired',
                        message: 'say something else',
                      }),
                      rule(`self != 'twice'`, { reason: 'FieldValueDuplicate', message: 'is there' }),
                      rule(`self.startsWith('a') || self.size() > 2`),
                      rule(`self != 'broken'`, {
                        messageExpression: `self.split('x')[5]`,
                        message: 'as it was',
                      }),
                    ),
                  },
                  flag: { type: 'boolean', ...rules(rule('self')) },
                  parts: {
                    type: 'array',
                    maxItems: 5,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['key'],
                    ...rules(rule('self.all(part, part.size > 0)', { message: 'has an empty part' })),
                    items: {
                      type: 'object',
                      required: ['key', 'size'],
                      ...rules(rule('self.size == oldSelf.size', { message: 'has one size for good' })),
                      properties: { key: { type: 'string', maxLength: 9 }, size: { type: 'integer' } },
                    },
                  },
                  words: {
                    type: 'object',
                    maxProperties: 5,
                    additionalProperties: {
                      type: 'string',
                      maxLength: 20,
                      ...rules(rule(`self.matches('^[a-z]+$')`, { message: 'is no word' })),
                    },
                  },
                  block: {
                    type: 'string',
                    maxLength: 50,
                    ...rules(
                      rule('isCIDR(self)', { message: 'is no block' }),
                      rule('!isCIDR(self) || cidr(self).prefixLength() > 8'),
                    ),
                  },
                },
              },
              status: {
                type: 'object',
                properties: {
                  step: {
                    type: 'integer',
                    ...rules(rule('self == oldSelf || self == oldSelf + 1', { message: 'goes one by one' })),
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
}

const limits = '/apis/rules.example.io/v1/namespaces/{ns}/limits'
const limit = (name: string, spec: object): object => ({
  apiVersion: 'rules.example.io/v1',
  kind: 'Limit',
  metadata: { name },
  spec,
})
const refused = (...specs: readonly object[]): Row['steps'] =>
  specs.map((spec) => post(limits, limit('a', spec)))

/** The kind is defined by whichever row comes first. */
const defined: Row['steps'] = [
  { ...post('definitions', definition), isUntold: true },
  { ...becomes(limits, () => true), isUntold: true },
]

const later = {
  ...definition,
  metadata: { name: 'laters.rules.example.io' },
  spec: {
    ...definition.spec,
    names: { plural: 'laters', kind: 'Later' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  names: { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 9 } },
                  word: { type: 'string', maxLength: 9 },
                  count: { type: 'integer' },
                },
              },
              status: { type: 'object', properties: { seen: { type: 'boolean' } } },
            },
          },
        },
      },
    ],
  },
}

const laters = '/apis/rules.example.io/v1/namespaces/{ns}/laters'
const one = (spec: object): object => ({ ...limit('a', spec), kind: 'Later' })
const field = (path: string): string =>
  `/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/${path}`
const noBad = [{ rule: `self != 'bad'`, message: 'is bad' }]

/** Rules in CEL, broken in every way. */
export const ruleRows: readonly Row[] = [
  {
    title: 'rules that a new object breaks',
    steps: [
      ...defined,
      ...refused(
        { least: 5, most: 3 },
        { least: 5, most: 300 },
        { ratio: 0.75 },
        { name: 'forbidden' },
        { name: 'required' },
        { name: 'twice' },
        { name: 'b' },
        { name: 'broken' },
        { flag: false },
        { parts: [{ key: 'a', size: 0 }] },
        {
          parts: [
            { key: 'a', size: 1 },
            { key: 'a', size: 2 },
          ],
        },
        { words: { one: 'One', two: 'two' } },
        { block: 'x' },
        { block: '10.0.0.0/8' },
        { least: 5, most: 3, name: 'b', flag: false },
        { least: 'x', name: 'forbidden' },
      ),
      post(limits, limit('a'.repeat(41), {})),
      post(limits, limit('fine', { least: 1, most: 3, name: 'abc', parts: [{ key: 'a', size: 1 }] })),
    ],
  },
  {
    title: 'rules that a change breaks',
    steps: [
      ...defined,
      post(limits, limit('a', { least: 3, parts: [{ key: 'a', size: 1 }] })),
      merge(`${limits}/a`, { spec: { least: 2 } }),
      merge(`${limits}/a`, { spec: { least: 4 } }),
      merge(`${limits}/a`, { spec: { parts: [{ key: 'b', size: 2 }] } }),
      merge(`${limits}/a`, {
        spec: {
          parts: [
            { key: 'a', size: 9 },
            { key: 'b', size: 3 },
          ],
        },
      }),
      put(
        `${limits}/a`,
        answer(5, (object) => ({ ...object, spec: { least: 0 } })),
      ),
      merge(`${limits}/a/status`, { status: { step: 5 } }),
      merge(`${limits}/a/status`, { status: { step: 7 } }),
      merge(`${limits}/a/status`, { status: { step: 6 } }),
      get(`${limits}/a`),
      del(`${limits}/a`),
    ],
  },
  {
    title: 'rules that come when an object breaks them already',
    steps: [
      { ...post('definitions', later), isUntold: true },
      { ...becomes(laters, () => true), isUntold: true },
      post(laters, one({ names: ['good', 'bad'], word: 'bad', count: 1 })),
      {
        ...json('definitions/laters.rules.example.io', [
          { op: 'add', path: `${field('names')}/items/x-kubernetes-validations`, value: noBad },
          { op: 'add', path: `${field('word')}/x-kubernetes-validations`, value: noBad },
          { op: 'add', path: `${field('count')}/maximum`, value: 5 },
        ]),
        isUntold: true,
      },
      {
        ...post(`${laters}?dryRun=All`, one({ word: 'bad' })),
        isUntold: true,
        until: (status) => status === 422,
      },
      merge(`${laters}/a`, { spec: { count: 2 } }),
      merge(`${laters}/a`, { spec: { count: 6 } }),
      merge(`${laters}/a/status`, { status: { seen: true } }),
      merge(`${laters}/a`, { spec: { names: ['bad', 'good'] } }),
      merge(`${laters}/a`, { spec: { word: 'worse' } }),
      merge(`${laters}/a`, { spec: { word: 'bad' } }),
      merge(`${laters}/a`, { spec: { names: ['good'] } }),
    ],
  },
]
