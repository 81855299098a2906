/** The part of every Kubernetes object that this layer reads. */
export interface KubernetesObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
}

export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly finalizers?: readonly string[]
  readonly generation?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** What each projected object carries so that a Reflector can tell one version of it from another. */
export interface Known {
  readonly uid: string
  readonly resourceVersion: string
  /** `namespace/name`, or `name` for a cluster-scoped object. */
  readonly key: string
}

/** `namespace/name`, or `name` for a cluster-scoped object. */
export function keyOf(object: KubernetesObject): string {
  const { namespace, name } = object.metadata
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** The three fields of `Known`, to spread into a projection. */
export function knownOf(object: KubernetesObject): Known {
  const { uid = '', resourceVersion = '' } = object.metadata
  return { key: keyOf(object), uid, resourceVersion }
}

/**
 * The path of one object, from its key: `objectPath('/api/v1', 'services', 'shop/web')`,
 * `objectPath('/apis/lanlord.dev/v1beta1', 'speakers', 'node-1')`.
 */
export function objectPath(groupVersion: string, plural: string, key: string): string {
  const [first = '', second] = key.split('/').map(encodeURIComponent)
  if (second === undefined) return `${groupVersion}/${plural}/${first}`
  return `${groupVersion}/namespaces/${first}/${plural}/${second}`
}

/** The namespace in a key; the empty text for a cluster-scoped object. */
export function namespaceOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf('/')))
}
