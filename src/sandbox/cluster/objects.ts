/** The fields of Kubernetes objects that the stand-ins read; all of them may be missing from an odd object. */
export interface OwnerReference {
  readonly apiVersion?: string
  readonly kind?: string
  readonly name?: string
  readonly uid?: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export type Labels = Readonly<Record<string, string>>

export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation?: number
  readonly labels?: Labels
  readonly annotations?: Labels
  readonly ownerReferences?: readonly OwnerReference[]
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
  readonly lastUpdateTime?: string
  readonly lastHeartbeatTime?: string
}

export interface Resource<Spec, Status> {
  readonly metadata: Metadata
  readonly spec?: Spec
  readonly status?: Status
}

export interface LabelSelector {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

export interface ContainerPort {
  readonly name?: string
  readonly containerPort?: number
  readonly protocol?: string
}

export interface Container {
  readonly name?: string
  readonly image?: string
  readonly ports?: readonly ContainerPort[]
  readonly readinessProbe?: {
    readonly httpGet?: { readonly path?: string }
    readonly periodSeconds?: number
  }
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds?: number } } }
}

export interface PodSpec {
  readonly nodeName?: string
  readonly nodeSelector?: Labels
  readonly containers?: readonly Container[]
  readonly [field: string]: unknown
}

export interface PodStatus {
  readonly phase?: string
  readonly podIP?: string
  readonly podIPs?: readonly { readonly ip?: string }[]
  readonly hostIP?: string
  readonly startTime?: string
  readonly conditions?: readonly Condition[]
}

export type Pod = Resource<PodSpec, PodStatus>

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels }
  readonly spec?: PodSpec
}

export interface NodeStatus {
  readonly addresses?: readonly { readonly type?: string; readonly address?: string }[]
  readonly conditions?: readonly Condition[]
}

export type ClusterNode = Resource<
  { readonly unschedulable?: boolean; readonly podCIDR?: string },
  NodeStatus
>

export interface ReplicaSetSpec {
  readonly replicas?: number
  readonly selector?: LabelSelector
  readonly template?: PodTemplate
}

export interface ReplicaSetStatus {
  readonly replicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly fullyLabeledReplicas?: number
  readonly observedGeneration?: number
}

export type ReplicaSet = Resource<ReplicaSetSpec, ReplicaSetStatus>

export interface DeploymentSpec extends ReplicaSetSpec {
  readonly strategy?: {
    readonly type?: string
    readonly rollingUpdate?: {
      readonly maxSurge?: number | string
      readonly maxUnavailable?: number | string
    }
  }
}

export type Deployment = Resource<DeploymentSpec, { readonly conditions?: readonly Condition[] }>

export type DaemonSet = Resource<
  { readonly selector?: LabelSelector; readonly template?: PodTemplate },
  Readonly<Record<string, unknown>>
>

export interface ServicePort {
  readonly name?: string
  readonly protocol?: string
  readonly port?: number
  readonly targetPort?: number | string
  readonly nodePort?: number
}

export interface ServiceSpec {
  readonly type?: string
  readonly clusterIP?: string
  readonly clusterIPs?: readonly string[]
  readonly ports?: readonly ServicePort[]
  readonly selector?: Labels
  readonly externalTrafficPolicy?: string
  readonly internalTrafficPolicy?: string
  readonly sessionAffinity?: string
  readonly publishNotReadyAddresses?: boolean
  readonly healthCheckNodePort?: number
}

export interface ServiceStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly ipMode?: string }[]
  }
}

export type Service = Resource<ServiceSpec, ServiceStatus>

export interface EndpointPort {
  readonly name?: string
  readonly port?: number
  readonly protocol?: string
}

export interface Endpoint {
  readonly addresses?: readonly string[]
  readonly conditions?: {
    readonly ready?: boolean
    readonly serving?: boolean
    readonly terminating?: boolean
  }
  readonly nodeName?: string
  readonly targetRef?: {
    readonly kind?: string
    readonly name?: string
    readonly namespace?: string
    readonly uid?: string
  }
}

export interface EndpointSlice {
  readonly metadata: Metadata
  readonly addressType?: string
  readonly ports?: readonly EndpointPort[]
  readonly endpoints?: readonly Endpoint[]
}

export type Lease = Resource<{ readonly renewTime?: string; readonly holderIdentity?: string }, unknown>

/** `namespace/name`, or the name alone for what belongs to no namespace. */
export function keyOf(metadata: { readonly namespace?: string; readonly name: string }): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name
}

/** The owner that controls an object, as the API server's `controller: true` marks it. */
export function controllerOf(metadata: Metadata): OwnerReference | undefined {
  return metadata.ownerReferences?.find((owner) => owner.controller === true)
}

/** Whether a condition of this type stands at True. */
export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return (conditions ?? []).some((condition) => condition.type === type && condition.status === 'True')
}

/** A Pod that takes part in the cluster: neither finished nor on its way out. */
export function isActive(pod: Pod): boolean {
  const phase = pod.status?.phase
  return !pod.metadata.deletionTimestamp && phase !== 'Succeeded' && phase !== 'Failed'
}

export function isReady(pod: Pod): boolean {
  return isTrue(pod.status?.conditions, 'Ready')
}

/** Now as Kubernetes writes it: RFC 3339, whole seconds. */
export function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}

/** A condition with its lastTransitionTime, which moves only when the status does. */
export function withTransition(
  condition: Condition,
  before: readonly Condition[] | undefined,
  now: string,
): Condition {
  const old = before?.find((each) => each.type === condition.type)
  const since = old?.status === condition.status ? old.lastTransitionTime : undefined
  return { ...condition, lastTransitionTime: since ?? now }
}
