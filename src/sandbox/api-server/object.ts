import { isDeepStrictEqual } from 'node:util'

/** Anything JSON can say. */
export type Json = string | number | boolean | null | Json[] | JsonObject

/** A JSON object whose fields are not known here. */
export interface JsonObject {
  [field: string]: Json | undefined
}

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

/** What one field manager owns by server-side apply. */
export interface ManagedFields {
  readonly manager: string
  readonly operation: string
  readonly apiVersion: string
  readonly time?: string
  readonly fieldsType: string
  readonly fieldsV1: JsonObject
  readonly subresource?: string
}

/** Fields are not readonly: a draft is filled in before it is stored, and never after. */
export interface ObjectMeta {
  name?: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  managedFields?: ManagedFields[]
}

/** Any Kubernetes object. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec?: JsonObject
  status?: JsonObject
  [field: string]: unknown
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A copy that shares nothing; undefined fields are dropped, as JSON would. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T
  if (!isObject(value)) return value
  const copy: JsonObject = {}
  for (const [field, inner] of Object.entries(value)) if (inner !== undefined) copy[field] = copyOf(inner)
  return copy as T
}

export function equal(left: unknown, right: unknown): boolean {
  return left === right || isDeepStrictEqual(left, right)
}

/** The value at a path of fields and indexes, or undefined. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** Text as it is, everything else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** Kubernetes writes times in whole seconds, UTC. */
export function timestamp(millis: number = Date.now()): string {
  return new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** `namespace/name`, or the name alone for what lives in no namespace. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}
