import type { Part } from './admit.ts'
import { badRequest, Failure, methodNotAllowed, noSuchPath, notFound, PageNotFound } from './failure.ts'
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
  const namespace = isInNamespace(group, rest) ? rest[1] : undefined
  const [plural = '', name, subresource, ...excess] = namespace === undefined ? rest : rest.slice(2)
  const type = registry.find(group, version, plural)
  const unknown = unknownPath(registry, group)
  if (type === undefined || (namespace !== undefined && !type.namespaced)) throw unknown
  if (excess.length > 0) throw type.custom ? notFound(type, name ?? '') : unknown
  return { type, namespace, name, subresource }
}

function unknownPath(registry: Registry, group: string): Error {
  return isCustomGroup(registry, group) ? new PageNotFound() : noSuchPath()
}

/** Groups that only custom resources make are served by another part of Kubernetes, which words things in its way. */
export function isCustomGroup(registry: Registry, group: string): boolean {
  return registry.all().some((type) => type.group === group && type.custom)
}

/** Refuses what custom resources cannot be asked for. */
export function checkCustomVerb({ type, name, subresource }: Target, method: string): void {
  if (!type.custom) return
  if (name === undefined) {
    if (method === 'PUT' || method === 'PATCH') throw badRequest('name must be provided')
    return
  }
  if (subresource === undefined) return
  if (!type.subresources.some((one) => one === subresource)) throw notFound(type, name)
  const verb = { POST: 'create', DELETE: 'delete' }[method]
  if (verb === undefined) return
  const { group, plural } = type
  const message = `${verb} is not supported on resources of kind "${plural}.${group}"`
  throw new Failure(405, methodNotAllowed().reason, message, { group, kind: plural })
}

function isInNamespace(group: string, rest: readonly string[]): boolean {
  return rest[0] === 'namespaces' && rest.length >= 3 && !isOwnSubresource(group, rest)
}

function isOwnSubresource(group: string, rest: readonly string[]): boolean {
  return group === '' && rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize')
}
