import type { Cluster } from './cluster.ts'
import { forbiddenRequest } from './failure.ts'
import { type JsonObject, type KubeObject, timestamp } from './object.ts'
import type { ResourceType } from './resource-type.ts'
import { objectsAt } from './table/read.ts'

export const definitionShelf = 'customresourcedefinitions.apiextensions.k8s.io'

/** On a definition that is deleted, until nothing of its kind is left. */
const cleanup = 'customresourcecleanup.apiextensions.k8s.io'

/** The definition as one that was told to go. */
export function markedDefinition(definition: KubeObject): KubeObject {
  const { metadata } = definition
  const deletionTimestamp = timestamp()
  const finalizers = [...(metadata.finalizers ?? []), cleanup]
  const message = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon'
  return {
    ...definition,
    metadata: { ...metadata, deletionTimestamp, finalizers },
    status: withEnd(definition, 'InstanceDeletionPending', message),
  }
}

/** The definition whose objects are being taken away; undefined when it says so already, or is not to go. */
export function emptyingDefinition(definition: KubeObject): KubeObject | undefined {
  if (!isEnding(definition)) return undefined
  const isSaid = objectsAt(definition.status, 'conditions').some(
    ({ reason }) => reason === 'InstanceDeletionInProgress',
  )
  if (isSaid) return undefined
  const message = 'CustomResource deletion is in progress'
  return { ...definition, status: withEnd(definition, 'InstanceDeletionInProgress', message) }
}

/** The definition of whose kind nothing is left. */
export function emptiedDefinition({ metadata, ...rest }: KubeObject): KubeObject {
  const finalizers = (metadata.finalizers ?? []).filter((name) => name !== cleanup)
  return { ...rest, metadata: { ...metadata, finalizers } }
}

export function isEnding({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(cleanup)
}

/** Of a kind that goes nothing new is made. */
export function checkStays(cluster: Cluster, type: ResourceType, name: string): void {
  const { custom, plural, group } = type
  const definition = custom && cluster.store.shelf(definitionShelf).entryOf(`${plural}.${group}`)
  if (!definition || definition.object.metadata.deletionTimestamp === undefined) return
  const why = 'create not allowed while custom resource definition is terminating'
  throw forbiddenRequest(type, name, why)
}

function withEnd({ status }: KubeObject, reason: string, message: string): JsonObject {
  const others = objectsAt(status, 'conditions').filter(({ type }) => type !== 'Terminating')
  const end = { type: 'Terminating', status: 'True', lastTransitionTime: timestamp(), reason, message }
  return { ...status, conditions: [...others, end] }
}
