import { copyOf, isObject, type JsonObject } from '../object.ts'

/** Gives an object the fields that it lacks. */
export function fillIn(object: JsonObject, defaults: JsonObject): void {
  for (const [field, value] of Object.entries(defaults)) object[field] ??= copyOf(value)
}

/** The objects of a list that may be missing. */
export function objectsOf(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}

const podFields: JsonObject = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
}

/** Fills in what every Pod's spec has, also where it is only a template. */
export function podDefaults(spec: JsonObject): void {
  fillIn(spec, podFields)
  const { serviceAccountName, serviceAccount } = spec
  if (serviceAccountName ?? serviceAccount) {
    spec['serviceAccountName'] = spec['serviceAccount'] = serviceAccountName || serviceAccount
  }
  for (const container of containersOf(spec)) containerDefaults(container, spec['hostNetwork'] === true)
  for (const volume of objectsOf(spec['volumes'])) volumeDefaults(volume)
}

/** All containers of a Pod, in the order in which they run. */
export function containersOf(spec: JsonObject): readonly JsonObject[] {
  return [...objectsOf(spec['initContainers']), ...objectsOf(spec['containers'])]
}

const containerFields: JsonObject = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
}

function containerDefaults(container: JsonObject, hostNetwork: boolean): void {
  fillIn(container, { imagePullPolicy: pullPolicyOf(container['image']), ...containerFields })
  for (const port of objectsOf(container['ports'])) portDefaults(port, hostNetwork)
  for (const { valueFrom } of objectsOf(container['env'])) {
    if (isObject(valueFrom) && isObject(valueFrom['fieldRef'])) valueFrom['fieldRef']['apiVersion'] ??= 'v1'
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name]
    if (isObject(probe)) probeDefaults(probe)
  }
}

function pullPolicyOf(image: unknown): string {
  const text = typeof image === 'string' ? image : ''
  const isPinned = /[:@][^/]+$/.test(text) && !text.endsWith(':latest')
  return isPinned ? 'IfNotPresent' : 'Always'
}

function portDefaults(port: JsonObject, hostNetwork: boolean): void {
  port['protocol'] ??= 'TCP'
  if (hostNetwork && port['containerPort'] !== undefined) port['hostPort'] ??= port['containerPort']
}

const probeFields: JsonObject = {
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
}

function probeDefaults(probe: JsonObject): void {
  fillIn(probe, probeFields)
  if (isObject(probe['httpGet'])) fillIn(probe['httpGet'], { path: '/', scheme: 'HTTP' })
  if (isObject(probe['grpc'])) fillIn(probe['grpc'], { service: '' })
}

const modes: JsonObject = { defaultMode: 420 }

function volumeDefaults(volume: JsonObject): void {
  if (Object.keys(volume).every((field) => field === 'name')) volume['emptyDir'] = {}
  for (const name of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    if (isObject(volume[name])) fillIn(volume[name], modes)
  }
  if (isObject(volume['hostPath'])) fillIn(volume['hostPath'], { type: '' })
  const { projected } = volume
  for (const { serviceAccountToken } of isObject(projected) ? objectsOf(projected['sources']) : []) {
    if (isObject(serviceAccountToken)) fillIn(serviceAccountToken, { expirationSeconds: 3600 })
  }
}
