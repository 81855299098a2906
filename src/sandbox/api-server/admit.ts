import type { Cluster } from './cluster.ts'
import type { Strictness } from './draft.ts'
import { type FieldProblem, invalid, invalidValue } from './failure.ts'
import { metadataProblems } from './metadata.ts'
import type { KubeObject } from './object.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'

/** Which part of an object a request is about: all but the status where that is apart, or the status. */
export type Part = 'main' | 'status'

/** Makes a draft what may be stored, or refuses it: numbers given out, defaults settled, every rule kept. */
export function admit(
  cluster: Cluster,
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
  { part, strictness }: { readonly part: Part; readonly strictness: Strictness },
): void {
  const { strategy } = type
  if (part === 'main') {
    strategy.allocate?.(draft, old, cluster)
    strategy.prepare?.(draft, old, cluster)
  }
  const own =
    part === 'main' || old === undefined
      ? strategy.validate?.(draft, old, cluster)
      : strategy.validateStatus?.(draft, old, cluster)
  if (type.custom) checkKind(type, draft)
  refuse(type, draft, [...metadataProblems(type, draft, old), ...(own ?? [])])
  const warn = part === 'main' ? strategy.warn : strategy.warnStatus
  strictness.warnings.push(...(warn?.(draft, old) ?? []))
}

/** A custom resource may say to be of another kind up to here, and is then refused as one of that kind. */
function checkKind(type: ResourceType, { kind, apiVersion, metadata }: KubeObject): void {
  const expected = apiVersionOf(type)
  const problems = [
    ...(kind === type.kind ? [] : [invalidValue('kind', kind, `must be ${type.kind}`)]),
    ...(apiVersion === expected ? [] : [invalidValue('apiVersion', apiVersion, `must be ${expected}`)]),
  ]
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
  if (problems.length > 0) throw invalid({ ...type, kind, group }, metadata.name ?? '', problems)
}

function refuse(type: ResourceType, draft: KubeObject, problems: readonly FieldProblem[]): void {
  // An Event is one of the core group, whichever group it came through.
  const named = type.view === undefined ? type : { ...type, group: '' }
  if (problems.length > 0) throw invalid(named, draft.metadata.name ?? '', problems)
}
