import { badRequest, Failure } from '../failure.ts'
import { copyOf, equal, isObject, type Json } from '../object.ts'

interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: Json
}

type Container = Json[] | { [field: string]: Json | undefined }

/** JSON patch (RFC 6902). Changes the document. */
export function jsonPatch(document: Json, patch: Json): Json {
  if (!Array.isArray(patch)) {
    const what = `json: cannot unmarshal ${typeof patch} into Go value of type []handlers.jsonPatchOp`
    throw badRequest(`error decoding patch: ${what}`)
  }
  let result = document
  for (const operation of patch) result = apply(result, operation as unknown as Operation)
  return result
}

function apply(document: Json, operation: Operation): Json {
  const { op, path, from = '' } = operation
  switch (op) {
    case 'add':
      return put(document, path, valueOf(operation), true)
    case 'replace':
      containerOf(document, path)
      return put(document, path, valueOf(operation), false)
    case 'remove':
      return remove(document, path)
    case 'copy':
      return put(document, path, copyOf(read(document, from)), true)
    case 'move': {
      const moved = read(document, from)
      return put(remove(document, from), path, moved, true)
    }
    case 'test':
      if (equal(read(document, path), operation.value)) return document
      throw rejected()
    default:
      throw rejected()
  }
}

/** Without a value it is null. */
function valueOf({ value }: Operation): Json {
  return value ?? null
}

/** Kubernetes does not say what it is that cannot be done. */
function rejected(): Failure {
  return new Failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

function stepsOf(path: string): string[] {
  if (path !== '' && !path.startsWith('/')) throw rejected()
  return path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function child(container: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(container)) return /^\d+$/.test(step) ? container[Number(step)] : undefined
  return isObject(container) ? container[step] : undefined
}

function read(document: Json, path: string): Json {
  let value: Json | undefined = document
  for (const step of stepsOf(path)) value = child(value, step)
  if (value === undefined) throw rejected()
  return value
}

function containerOf(document: Json, path: string): { readonly container: Container; readonly last: string } {
  const steps = stepsOf(path)
  const last = steps.pop() ?? ''
  let value: Json | undefined = document
  for (const step of steps) value = child(value, step)
  if (!Array.isArray(value) && !isObject(value)) throw rejected()
  return { container: value, last }
}

function put(document: Json, path: string, value: Json, insert: boolean): Json {
  if (path === '') return value
  const { container, last } = containerOf(document, path)
  if (!Array.isArray(container)) container[last] = value
  else container.splice(indexOf(container, last), insert ? 0 : 1, value)
  return document
}

function indexOf(list: readonly Json[], step: string): number {
  if (step === '-') return list.length
  const index = Number(step)
  if (!/^\d+$/.test(step) || index > list.length) throw rejected()
  return index
}

function remove(document: Json, path: string): Json {
  read(document, path)
  const { container, last } = containerOf(document, path)
  if (Array.isArray(container)) container.splice(Number(last), 1)
  else delete container[last]
  return document
}
