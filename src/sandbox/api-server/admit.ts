import type { Cluster } from './cluster.ts'
import type { Strictness } from './draft.ts'
import { type FieldProblem, invalid } from './failure.ts'
import { metadataProblems } from './metadata.ts'
import type { KubeObject } from './object.ts'
import type { ResourceType } from './resource-type.ts'

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
  refuse(type, draft, [...metadataProblems(type, draft, old), ...(own ?? [])])
  const warn = part === 'main' ? strategy.warn : strategy.warnStatus
  strictness.warnings.push(...(warn?.(draft, old) ?? []))
}

function refuse(type: ResourceType, draft: KubeObject, problems: readonly FieldProblem[]): void {
  // An Event is one of the core group, whichever group it came through.
  const named = type.view === undefined ? type : { ...type, group: '' }
  if (problems.length > 0) throw invalid(named, draft.metadata.name ?? '', problems)
}
