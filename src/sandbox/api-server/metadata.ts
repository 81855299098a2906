import { type FieldProblem, forbidden, invalidValue, required } from './failure.ts'
import { equal, type KubeObject, type ObjectMeta, type OwnerReference } from './object.ts'
import type { ResourceType } from './resource-type.ts'
import { labelProblems } from './rules/labels.ts'
import { labelName, pathSegment, qualifiedName, subdomain } from './rules/names.ts'

type NameRule = (name: string) => readonly string[]

function nameRuleOf({ group, kind }: ResourceType): NameRule {
  if (group === '' && (kind === 'Service' || kind === 'Namespace')) return labelName
  if (group === 'rbac.authorization.k8s.io' || (group === '' && kind === 'Event')) return pathSegment
  return subdomain
}

/** What is wrong with what every object has, in the order and as often as Kubernetes tells it. */
export function metadataProblems(
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
): readonly FieldProblem[] {
  const { metadata } = draft
  if (old === undefined)
    return [...commonProblems(metadata, nameRuleOf(type)), ...ownFinalizers(type, metadata)]
  // An update is checked twice, once as every object and once as one of its kind.
  const changes = changeProblems(metadata, old.metadata)
  return [...commonProblems(metadata, pathSegment), ...changes, ...changes, ...ownFinalizers(type, metadata)]
}

function commonProblems(metadata: ObjectMeta, rule: NameRule): readonly FieldProblem[] {
  const { name = '', generateName = '', generation = 0 } = metadata
  const stem = generateName.replace(/-$/, 'a')
  const named = name === '' ? [required('metadata.name', 'name or generateName is required')] : []
  return [
    ...(generateName === '' ? [] : rule(stem)).map((why) =>
      invalidValue('metadata.generateName', generateName, why),
    ),
    ...named,
    ...(name === '' ? [] : rule(name)).map((why) => invalidValue('metadata.name', name, why)),
    ...(generation < 0
      ? [invalidValue('metadata.generation', generation, 'must be greater than or equal to 0')]
      : []),
    ...labelProblems(metadata.labels, 'metadata.labels'),
    ...annotationProblems(metadata),
    ...ownerProblems(metadata),
    ...finalizerProblems(metadata),
  ]
}

const mostBytes = 262_144

function annotationProblems({ annotations = {} }: ObjectMeta): readonly FieldProblem[] {
  const field = 'metadata.annotations'
  const pairs = Object.entries(annotations)
  const size = pairs.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  const wrong = pairs.flatMap(([key]) =>
    qualifiedName(key.toLowerCase()).map((why) => invalidValue(field, key, why)),
  )
  if (size <= mostBytes) return wrong
  const message = `Too long: may not be more than ${mostBytes} bytes`
  return [...wrong, { field, reason: 'FieldValueTooLong', message }]
}

function ownerProblems({ ownerReferences = [] }: ObjectMeta): readonly FieldProblem[] {
  const field = 'metadata.ownerReferences'
  let first: OwnerReference | undefined
  return ownerReferences.flatMap((owner) => {
    const problems = [...oneOwnerProblems(owner, field)]
    if (owner.controller !== true) return problems
    if (first === undefined) first = owner
    else {
      const both = `${first.kind}/${first.name} and ${owner.kind}/${owner.name}`
      const why = `Only one reference can have Controller set to true. Found "true" in references for ${both}`
      problems.push(invalidValue(field, ownerReferences, why))
    }
    return problems
  })
}

function oneOwnerProblems(owner: OwnerReference, field: string): readonly FieldProblem[] {
  const apiVersion = owner.apiVersion ?? ''
  const versioned = apiVersion !== '' && apiVersion.split('/').length <= 2 && !apiVersion.endsWith('/')
  const blank = (['kind', 'name', 'uid'] as const).filter((part) => !owner[part])
  const isEvent = apiVersion === 'v1' && owner.kind === 'Event'
  return [
    ...(versioned ? [] : [invalidValue(`${field}.apiVersion`, apiVersion, 'version must not be empty')]),
    ...blank.map((part) => invalidValue(`${field}.${part}`, owner[part] ?? '', 'must not be empty')),
    ...(isEvent ? [invalidValue(field, owner, '/v1, Kind=Event is disallowed from being an owner')] : []),
  ]
}

function finalizerProblems({ finalizers = [] }: ObjectMeta): readonly FieldProblem[] {
  const field = 'metadata.finalizers'
  const problems = finalizers.flatMap((name) =>
    qualifiedName(name).map((why) => invalidValue(field, name, why)),
  )
  if (!finalizers.includes('orphan') || !finalizers.includes('foregroundDeletion')) return problems
  const why = 'finalizer orphan and foregroundDeletion cannot be both set'
  return [...problems, invalidValue(field, finalizers, why)]
}

const ownNames = ['orphan', 'foregroundDeletion', 'kubernetes']
const withoutCheck = ['rbac.authorization.k8s.io', 'coordination.k8s.io', 'apiextensions.k8s.io']

/** Of its own kinds Kubernetes wants finalizers that say whose they are. */
function ownFinalizers(type: ResourceType, { finalizers = [] }: ObjectMeta): readonly FieldProblem[] {
  if (type.custom || withoutCheck.includes(type.group)) return []
  const why = 'name is neither a standard finalizer name nor is it fully qualified'
  return finalizers.flatMap((name, index) =>
    name.includes('/') || ownNames.includes(name)
      ? []
      : [invalidValue(`metadata.finalizers[${index}]`, name, why)],
  )
}

const fixed = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const

function changeProblems(metadata: ObjectMeta, old: ObjectMeta): readonly FieldProblem[] {
  const moved = fixed.filter((field) => !equal(metadata[field], old[field]))
  return [
    ...newFinalizerProblems(metadata, old),
    ...moved.map((field) => invalidValue(`metadata.${field}`, metadata[field] ?? null, 'field is immutable')),
    ...labelProblems(metadata.labels, 'metadata.labels'),
    ...annotationProblems(metadata),
    ...ownerProblems(metadata),
  ]
}

/** New finalizers on an object that is on its way out would keep it for ever. */
function newFinalizerProblems({ finalizers = [] }: ObjectMeta, old: ObjectMeta): readonly FieldProblem[] {
  if (old.deletionTimestamp === undefined) return []
  const known = new Set(old.finalizers)
  const added = finalizers.filter((finalizer) => !known.has(finalizer)).toSorted()
  if (added.length === 0) return []
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ')
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
  return [forbidden('metadata.finalizers', why)]
}
