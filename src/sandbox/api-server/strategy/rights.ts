import { type FieldProblem, invalidValue, required, unsupported } from '../failure.ts'
import { equal, isObject, type JsonObject, type KubeObject, textOf } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { pathSegment, subdomain } from '../rules/names.ts'
import { objectsOf } from './pod-defaults.ts'

const group = 'rbac.authorization.k8s.io'

function isEmpty(list: unknown): boolean {
  return !Array.isArray(list) || list.length === 0
}

function ruleProblems(rule: JsonObject, path: string, namespaced: boolean): readonly FieldProblem[] {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule
  const problems = isEmpty(verbs) ? [required(`${path}.verbs`, 'verbs must contain at least one value')] : []
  if (isEmpty(nonResourceURLs)) {
    if (isEmpty(apiGroups)) {
      problems.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
    }
    if (isEmpty(resources)) {
      problems.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
    }
    return problems
  }
  const field = `${path}.nonResourceURLs`
  const wrong = (why: string): FieldProblem => invalidValue(field, nonResourceURLs, why)
  if (namespaced) problems.push(wrong('namespaced rules cannot apply to non-resource URLs'))
  if ([apiGroups, resources, resourceNames].some((list) => !isEmpty(list))) {
    problems.push(wrong('rules cannot apply to both regular resources and non-resource URLs'))
  }
  return problems
}

function roleStrategy(namespaced: boolean): Strategy {
  return {
    validate: (draft) =>
      objectsOf(draft['rules']).flatMap((rule, index) => ruleProblems(rule, `rules[${index}]`, namespaced)),
  }
}

export const namespacedRoleStrategy = roleStrategy(true)
export const clusterRoleStrategy = roleStrategy(false)

const subjectKinds = ['ServiceAccount', 'User', 'Group']

/** Users and groups are of the group of these rights, ServiceAccounts of the core group. */
function fillIn(draft: KubeObject): void {
  const role = draft['roleRef']
  if (isObject(role)) role['apiGroup'] ||= group
  for (const subject of objectsOf(draft['subjects'])) {
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') subject['apiGroup'] ||= group
  }
}

function bindingStrategy(namespaced: boolean): Strategy {
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  return {
    fillIn,
    validate: (draft, old) => [
      ...roleRefProblems(draft['roleRef'], kinds),
      ...objectsOf(draft['subjects']).flatMap((subject, index) =>
        subjectProblems(subject, `subjects[${index}]`, namespaced),
      ),
      ...(old === undefined || equal(draft['roleRef'], old['roleRef']) ? [] : [movedRole(draft['roleRef'])]),
    ],
  }
}

function movedRole(role: unknown): FieldProblem {
  const { apiGroup, kind, name } = isObject(role) ? role : {}
  return invalidValue('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')
}

function roleRefProblems(role: unknown, kinds: readonly string[]): readonly FieldProblem[] {
  const reference = isObject(role) ? role : {}
  const [apiGroup, kind, name] = ['apiGroup', 'kind', 'name'].map((field) => textOf(reference[field] ?? ''))
  return [
    ...(apiGroup === group ? [] : [unsupported('roleRef.apiGroup', apiGroup, [group])]),
    ...(kinds.includes(kind ?? '') ? [] : [unsupported('roleRef.kind', kind, kinds)]),
    ...(name === '' ? [required('roleRef.name')] : []),
    ...pathSegment(name ?? '').map((why) => invalidValue('roleRef.name', name, why)),
  ]
}

function subjectProblems(subject: JsonObject, path: string, namespaced: boolean): readonly FieldProblem[] {
  const [kind = '', name = '', apiGroup = '', namespace] = ['kind', 'name', 'apiGroup', 'namespace'].map(
    (field) => textOf(subject[field] ?? ''),
  )
  const isHomeless = kind === 'ServiceAccount' && !namespaced && namespace === ''
  return [
    ...subjectNameProblems(kind, name, path),
    ...subjectKindProblems(kind, apiGroup, path),
    ...(isHomeless ? [required(`${path}.namespace`)] : []),
  ]
}

function subjectNameProblems(kind: string, name: string, path: string): readonly FieldProblem[] {
  if (name === '') return [required(`${path}.name`)]
  if (kind !== 'ServiceAccount') return []
  return subdomain(name).map((why) => invalidValue(`${path}.name`, name, why))
}

function subjectKindProblems(kind: string, apiGroup: string, path: string): readonly FieldProblem[] {
  if (!subjectKinds.includes(kind)) return [unsupported(`${path}.kind`, kind, subjectKinds)]
  const groups = kind === 'ServiceAccount' ? [''] : [group]
  return groups.includes(apiGroup) ? [] : [unsupported(`${path}.apiGroup`, apiGroup, groups)]
}

export const roleBindingStrategy = bindingStrategy(true)
export const clusterRoleBindingStrategy = bindingStrategy(false)
