import type { Part } from './admit.ts'
import { noSuchPath } from './failure.ts'
import type { Registry } from './registry.ts'
import type { ResourceType } from './resource-type.ts'

/** Which resource, object or part of an object a path names. */
export interface Target {
  readonly type: ResourceType
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: string | undefined
}

export function partOf({ subresource }: Target): Part {
  return subresource === 'status' ? 'status' : 'main'
}

interface GroupPath {
  readonly group: string
  readonly version: string
  readonly rest: readonly string[]
}

/** Splits /api/v1/… and /apis/group/version/…; undefined for every other path. */
export function groupPathOf(path: string): GroupPath | undefined {
  const [root, ...steps] = path.split('/').slice(1)
  if (root === 'api') return { group: '', version: steps[0] ?? '', rest: steps.slice(1) }
  if (root === 'apis') return { group: steps[0] ?? '', version: steps[1] ?? '', rest: steps.slice(2) }
  return undefined
}

/** Namespaces are both a resource and the way to what lives in them. */
export function targetOf(registry: Registry, { group, version, rest }: GroupPath): Target {
  const inNamespace = rest[0] === 'namespaces' && rest.length >= 3 && !isOwnSubresource(group, rest)
  const namespace = inNamespace ? rest[1] : undefined
  const [plural = '', name, subresource, ...excess] = inNamespace ? rest.slice(2) : rest
  const type = registry.find(group, version, plural)
  if (type === undefined || excess.length > 0) throw noSuchPath()
  if (namespace !== undefined && !type.namespaced) throw noSuchPath()
  return { type, namespace, name, subresource }
}

function isOwnSubresource(group: string, rest: readonly string[]): boolean {
  return group === '' && rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize')
}
