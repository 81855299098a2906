import type { Cluster } from './cluster.ts'
import type { FieldProblem } from './failure.ts'
import type { KubeObject } from './object.ts'
import type { Schema } from './schema/schema.ts'
import type { Columns } from './table/columns.ts'

type Subresource = 'status' | 'scale' | 'binding' | 'eviction'

type Rule<Old> = (draft: KubeObject, old: Old, cluster: Cluster) => readonly FieldProblem[]

/** What a kind does beyond what all kinds do. A draft may be changed; the old object may not. */
export interface Strategy {
  /** Fills in what was left out, of whatever a client sends. */
  readonly fillIn?: (draft: KubeObject) => void
  /** Gives out what the cluster has one of each only, and refuses what is taken. */
  readonly allocate?: (
    draft: KubeObject,
    old: KubeObject | undefined,
    cluster: Cluster,
    dryRun: boolean,
  ) => void
  /** Takes back what may not be set, and sets what follows from the rest. */
  readonly prepare?: (draft: KubeObject, old: KubeObject | undefined, cluster: Cluster) => void
  readonly validate?: Rule<KubeObject | undefined>
  readonly validateStatus?: Rule<KubeObject>
  /** What is wrong with an object and was before; the client is told, whatever becomes of the request. */
  readonly endured?: (draft: KubeObject, old: KubeObject | undefined) => readonly string[]
  /** What the client is told about an object that is fine. */
  readonly warn?: (draft: KubeObject, old: KubeObject | undefined) => readonly string[]
  readonly warnStatus?: (draft: KubeObject, old: KubeObject | undefined) => readonly string[]
}

/** A second shape of the same stored objects, as Events have. */
export interface View {
  readonly served: (stored: KubeObject) => KubeObject
  readonly stored: (served: KubeObject) => KubeObject
}

/** One resource in one version, as it is served under /apis/group/version/plural. */
export interface ResourceType {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly listKind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly Subresource[]
  /** Counts changes of what is neither metadata nor status. */
  readonly generation: boolean
  /** A status that comes with a new object is kept, as for Nodes. */
  readonly statusOnCreate: boolean
  /** Fails an update that names no resourceVersion. */
  readonly versionedUpdates: boolean
  /** A PUT to a name that is free makes the object. */
  readonly createOnUpdate: boolean
  /** A DELETE answers with the object that is gone, and not with a word of success. */
  readonly answersDeleted: boolean
  /** What a write of the status leaves as it is: the spec always, and labels or all metadata as well. */
  readonly statusKeeps: 'spec' | 'labels' | 'metadata'
  readonly custom: boolean
  readonly shelf: string
  readonly schema: Schema | undefined
  readonly columns: Columns
  readonly strategy: Strategy
  readonly view: View | undefined
}

export function apiVersionOf(type: { readonly group: string; readonly version: string }): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`
}

export function isNamespaceType(type: ResourceType): boolean {
  return type.group === '' && type.plural === 'namespaces'
}
