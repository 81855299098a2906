import { type FieldProblem, forbidden, invalidValue, required } from './failure.ts'
import type { KubeObject } from './object.ts'
import type { ResourceType } from './resource-type.ts'

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const service = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const pathSegment = /^(?!\.{1,2}$)[^/%]+$/
const qualifiedName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/

const allowed = "must consist of lower case alphanumeric characters, '-'"
const subdomainRule = `a lowercase RFC 1123 subdomain ${allowed} or '.', and must start and end with an alphanumeric character`
const labelRule = `a lowercase RFC 1123 label ${allowed}, and must start and end with an alphanumeric character`
const serviceRule = `a DNS-1035 label ${allowed}, start with an alphabetic character, and end with an alphanumeric character`

interface NameRule {
  readonly pattern: RegExp
  readonly longest: number
  readonly text: string
}

function nameRuleOf(type: ResourceType): NameRule {
  if (type.kind === 'Service') return { pattern: service, longest: 63, text: serviceRule }
  if (type.kind === 'Namespace') return { pattern: label, longest: 63, text: labelRule }
  if (type.group === 'rbac.authorization.k8s.io') {
    return { pattern: pathSegment, longest: 253, text: "may not be '.', '..' or contain '/' or '%'" }
  }
  return { pattern: subdomain, longest: 253, text: subdomainRule }
}

/** What is wrong with what every object has. */
export function metadataProblems(
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
): readonly FieldProblem[] {
  const fresh = old === undefined ? nameProblems(type, draft.metadata.name ?? '') : []
  return [
    ...fresh,
    ...labelProblems(draft),
    ...annotationProblems(draft),
    ...ownerProblems(draft),
    ...finalizerProblems(draft, old),
  ]
}

function nameProblems(type: ResourceType, name: string): readonly FieldProblem[] {
  const { pattern, longest, text } = nameRuleOf(type)
  if (name.length > longest)
    return [invalidValue('metadata.name', name, `must be no more than ${longest} characters`)]
  return pattern.test(name) ? [] : [invalidValue('metadata.name', name, text)]
}

function labelProblems({ metadata }: KubeObject): readonly FieldProblem[] {
  return Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    const problems: FieldProblem[] = []
    if (!qualifiedName.test(key))
      problems.push(invalidValue('metadata.labels', key, 'must be a qualified name'))
    if (typeof value !== 'string' || value.length > 63 || !labelValue.test(value)) {
      const rule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
      problems.push(invalidValue('metadata.labels', value, rule))
    }
    return problems
  })
}

function annotationProblems({ metadata }: KubeObject): readonly FieldProblem[] {
  return Object.keys(metadata.annotations ?? {})
    .filter((key) => !qualifiedName.test(key))
    .map((key) => invalidValue('metadata.annotations', key, 'must be a qualified name'))
}

function ownerProblems({ metadata }: KubeObject): readonly FieldProblem[] {
  return (metadata.ownerReferences ?? []).flatMap((owner) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => !owner[field])
      .map((field) => required(`metadata.ownerReferences.${field}`, 'must not be empty')),
  )
}

/** New finalizers on an object that is on its way out would keep it for ever. */
function finalizerProblems(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  if (old?.metadata.deletionTimestamp === undefined) return []
  const known = new Set(old.metadata.finalizers)
  const added = (draft.metadata.finalizers ?? []).filter((finalizer) => !known.has(finalizer))
  if (added.length === 0) return []
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ')
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
  return [forbidden('metadata.finalizers', why)]
}
