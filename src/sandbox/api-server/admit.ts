import type { Cluster } from './cluster.ts'
import type { Strictness } from './draft.ts'
import { type FieldProblem, invalid, invalidValue } from './failure.ts'
import { metadataProblems } from './metadata.ts'
import type { KubeObject } from './object.ts'
import { apiVersionOf, type ResourceType, type Strategy } from './resource-type.ts'

/** Which part of an object a request is about: all but the status where that is apart, the status, or where a Pod runs. */
export type Part = 'main' | 'status' | 'binding'

/** Makes a draft what may be stored, or refuses it: numbers given out, defaults settled, every rule kept. */
export function admit(
  cluster: Cluster,
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
  { part, options }: { readonly part: Part; readonly options: Strictness & { readonly dryRun: boolean } },
): void {
  const { strategy } = type
  if (part === 'main') {
    strategy.allocate?.(draft, old, cluster, options.dryRun)
    strategy.prepare?.(draft, old, cluster)
  }
  options.warnings.push(...(strategy.endured?.(draft, old) ?? []))
  const own = ownProblems(cluster, strategy, draft, old, part)
  if (type.custom) checkKind(type, draft)
  refuse(type, draft, [...metadataProblems(type, draft, old), ...own])
  const warn = part === 'main' ? strategy.warn : strategy.warnStatus
  options.warnings.push(...(warn?.(draft, old) ?? []))
}

function ownProblems(
  cluster: Cluster,
  { validate, validateStatus }: Strategy,
  draft: KubeObject,
  old: KubeObject | undefined,
  part: Part,
): readonly FieldProblem[] {
  if (part === 'main' || old === undefined) return validate?.(draft, old, cluster) ?? []
  return part === 'status' ? (validateStatus?.(draft, old, cluster) ?? []) : []
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
