import type { ServiceObject } from '../../core/allocation/service.ts'
import type { KubernetesObject } from '../../platform/kubernetes/object.ts'
import type { KindName } from './kinds.ts'
import type { ReadObject } from './manifests.ts'

/** What the API server says of an object that it has not seen before: when it came, and after which others. */
export interface Birth {
  /** RFC 3339; texts of one length, so that they sort by age. */
  readonly createdAt: string
  readonly resourceVersion: string
}

/** An object of any kind that has been read: valid as far as its kind goes. */
type AnyObject = KubernetesObject & Pick<ServiceObject, 'spec' | 'status'>

type Families = Pick<NonNullable<ServiceObject['spec']>, 'ipFamilies' | 'ipFamilyPolicy' | 'clusterIPs'>

/**
 * The object as the API server would have it. One that it gave is taken as it is; a manifest gets what the server fills
 * in, and when it replaces an object, what a manifest cannot change: its age and its status.
 */
export function asStored(
  { kind, object }: ReadObject,
  before: AnyObject | undefined,
  birth: Birth,
): KubernetesObject {
  if (object.metadata.creationTimestamp !== undefined) return { ...statusOf(before), ...object }
  const { createdAt, resourceVersion } = birth
  const { creationTimestamp, uid, deletionTimestamp } = before?.metadata ?? {}
  const metadata = {
    ...(uid !== undefined && { uid }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...object.metadata,
    creationTimestamp: creationTimestamp ?? createdAt,
    resourceVersion: before?.metadata.resourceVersion ?? resourceVersion,
    labels: { ...ownLabels(kind, object), ...object.metadata.labels },
  }
  return { ...object, ...filledIn(kind, object, before), ...statusOf(before), metadata }
}

function statusOf(before: AnyObject | undefined): object {
  return before ? { status: before.status } : {}
}

/** The label that every Namespace has. */
function ownLabels(kind: KindName, { metadata }: KubernetesObject): Readonly<Record<string, string>> {
  return kind === 'Namespace' ? namespaceLabels(metadata.name) : {}
}

/** The labels of a Namespace that nobody has said anything about. */
export function namespaceLabels(name: string): Readonly<Record<string, string>> {
  return { 'kubernetes.io/metadata.name': name }
}

function filledIn(kind: KindName, object: AnyObject, before: AnyObject | undefined): object {
  if (kind !== 'Service') return {}
  const { spec = {} } = object
  return { spec: { ...spec, ...familiesOf(spec, before?.spec) } }
}

/** The families of a Service whose manifest does not name all of them: those that it has, else IPv4 first. */
function familiesOf(spec: Families, before: Families = {}): Families {
  const { ipFamilyPolicy = 'SingleStack', ipFamilies = [], clusterIPs } = { ...before, ...spec }
  const [first = 'IPv4', second = otherThan(first)] = ipFamilies
  return {
    ipFamilyPolicy,
    ipFamilies: ipFamilyPolicy === 'SingleStack' ? [first] : [first, second],
    ...(clusterIPs && { clusterIPs }),
  }
}

function otherThan(family: string): string {
  return family === 'IPv4' ? 'IPv6' : 'IPv4'
}
