import { type FieldProblem, forbidden, invalidValue, required } from '../failure.ts'
import { equal, isObject, type KubeObject, textOf } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { configKey } from '../rules/names.ts'

type Field = 'data' | 'binaryData'
const mostBytes = 1_048_576

function dataOf(object: KubeObject, field: Field): Readonly<Record<string, string>> {
  const data = object[field]
  return isObject(data) ? (data as Record<string, string>) : {}
}

function keyProblems(object: KubeObject, field: Field): FieldProblem[] {
  return Object.keys(dataOf(object, field)).flatMap((key) => [
    ...configKey(key).map((why) => invalidValue(`${field}[${key}]`, key, why)),
    ...(field === 'data' && key in dataOf(object, 'binaryData')
      ? [invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')]
      : []),
  ])
}

function sizeProblems(size: number, field: string): readonly FieldProblem[] {
  if (size <= mostBytes) return []
  const message = `Too long: may not be more than ${mostBytes} bytes`
  return [{ field, reason: 'FieldValueTooLong', message }]
}

/** What was once said to be for good. */
function immutableProblems(draft: KubeObject, old: KubeObject, fields: readonly Field[]): FieldProblem[] {
  if (old['immutable'] !== true) return []
  const why = 'field is immutable when `immutable` is set'
  const changed = fields.filter((field) => !equal(dataOf(draft, field), dataOf(old, field)))
  return [...(draft['immutable'] === true ? [] : ['immutable']), ...changed].map((field) =>
    forbidden(field, why),
  )
}

function configMapProblems(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const texts = Object.values(dataOf(draft, 'data')).map((text) => Buffer.byteLength(text))
  const bytes = Object.values(dataOf(draft, 'binaryData')).map((text) => Buffer.byteLength(text, 'base64'))
  const size = [...texts, ...bytes].reduce((sum, one) => sum + one, 0)
  return [
    ...(old === undefined ? [] : immutableProblems(draft, old, ['data', 'binaryData'])),
    ...keyProblems(draft, 'data'),
    ...keyProblems(draft, 'binaryData'),
    ...sizeProblems(size, ''),
  ]
}

export const configMapStrategy: Strategy = { validate: configMapProblems }

/** What was sent as text is kept as base64 with the rest. */
function fillInSecret(draft: KubeObject): void {
  draft['type'] ??= 'Opaque'
  const { stringData } = draft
  delete draft['stringData']
  if (!isObject(stringData)) return
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(textOf(text)).toString('base64'),
  ])
  draft['data'] = { ...dataOf(draft, 'data'), ...Object.fromEntries(encoded) }
}

/** The keys without which a secret of a type is of no use. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
}

function secretProblems(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const data = dataOf(draft, 'data')
  const size = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), 0)
  const retyped = old !== undefined && draft['type'] !== old['type']
  return [
    ...(retyped ? [invalidValue('type', draft['type'], 'field is immutable')] : []),
    ...(old === undefined ? [] : immutableProblems(draft, old, ['data'])),
    ...keyProblems(draft, 'data'),
    ...sizeProblems(size, 'data'),
    ...missingKeys(draft, data).map((key) => required(`data[${key}]`)),
  ]
}

function missingKeys(draft: KubeObject, data: Readonly<Record<string, string>>): readonly string[] {
  const type = textOf(draft['type'])
  if (type === 'kubernetes.io/basic-auth') {
    return 'username' in data || 'password' in data ? [] : ['username', 'password']
  }
  return (needed[type] ?? []).filter((key) => !(key in data))
}

export const secretStrategy: Strategy = { fillIn: fillInSecret, validate: secretProblems }
