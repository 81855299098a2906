import { conditionTypes, loadBalancerClass } from '../api/names.ts'
import type { Labels } from '../pool/selector.ts'
import { noCompatibility } from './compatibility.ts'
import type { Compatibility } from './compatibility.ts'
import { wishesOf } from './wishes.ts'
import type { Wishes } from './wishes.ts'

/** A Service of the Kubernetes API, as far as it is read here. */
export interface ServiceObject {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly creationTimestamp?: string
    readonly labels?: Labels
    readonly annotations?: Labels
  }
  readonly spec?: {
    readonly type?: string
    readonly loadBalancerClass?: string
    readonly loadBalancerIP?: string
    readonly ipFamilies?: readonly string[]
    readonly ipFamilyPolicy?: string
    readonly clusterIPs?: readonly string[]
    readonly externalTrafficPolicy?: string
    readonly selector?: Labels
    readonly ports?: readonly { readonly protocol?: string; readonly port: number }[]
  }
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly ServiceIngress[] }
    readonly conditions?: readonly ServiceCondition[]
  }
}

/** One entry of `status.loadBalancer.ingress`. */
export interface ServiceIngress {
  readonly ip?: string
  readonly hostname?: string
  readonly ipMode?: string
}

/** One condition of a Service. */
export interface ServiceCondition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
  readonly lastTransitionTime: string
}

/** A condition without the moment at which it became so. */
export type Verdict = Omit<ServiceCondition, 'lastTransitionTime'>

/** What matters of a Service: a small copy to keep, instead of the whole object. */
export interface ServiceFacts extends Wishes {
  readonly key: string
  readonly namespace: string
  readonly createdAt: string
  /** Whether it is of type LoadBalancer. */
  readonly isLoadBalancer: boolean
  readonly loadBalancerClass: string | undefined
  readonly families: readonly string[]
  readonly familyPolicy: string | undefined
  readonly trafficPolicy: 'Cluster' | 'Local'
  readonly ports: readonly string[]
  readonly selector: Labels
  readonly labels: Labels
  readonly ingress: readonly ServiceIngress[]
  readonly conditions: readonly ServiceCondition[]
}

/** Reads a Service as the API server gives it. */
export function readService(
  { metadata, spec = {}, status }: ServiceObject,
  compatibility: Compatibility = noCompatibility,
): ServiceFacts {
  const { namespace = 'default', name, creationTimestamp = '', labels = {} } = metadata
  return {
    key: `${namespace}/${name}`,
    namespace,
    createdAt: creationTimestamp,
    isLoadBalancer: spec.type === 'LoadBalancer',
    loadBalancerClass: spec.loadBalancerClass,
    families: spec.ipFamilies ?? [],
    familyPolicy: spec.ipFamilyPolicy,
    ...wishesOf(spec, metadata.annotations ?? {}, compatibility),
    ...backendOf(spec),
    labels,
    ...standingOf(status),
  }
}

type Class = Pick<ServiceFacts, 'isLoadBalancer' | 'loadBalancerClass'>
type Standing = Pick<ServiceFacts, 'conditions'>

/** Whether the Service is one for us; `classLess` says whether those without a class are. */
export function isOurs(service: Class, classLess: boolean): boolean {
  if (!service.isLoadBalancer) return false
  return service.loadBalancerClass === undefined ? classLess : service.loadBalancerClass === loadBalancerClass
}

/** Whether the controller has answered the Service: ours, or one that has not been told yet that it no longer is. */
export function isAnswered({ conditions }: Standing): boolean {
  return conditions.some(({ type }) => type === conditionTypes.allocated)
}

/**
 * Whether the addresses in the Service's status are of our giving. This is for those who do not know whether Services
 * without a class are ours: such a one is when the controller has answered it.
 */
export function isGivenByUs(service: Class & Standing): boolean {
  return isOurs(service, isAnswered(service))
}

type Spec = NonNullable<ServiceObject['spec']>
type Backend = Pick<ServiceFacts, 'trafficPolicy' | 'selector' | 'ports'>
function backendOf({ externalTrafficPolicy, selector = {}, ports = [] }: Spec): Backend {
  return {
    trafficPolicy: externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster',
    selector,
    ports: ports.map(({ protocol = 'TCP', port }) => `${protocol} ${port}`),
  }
}

function standingOf(status: ServiceObject['status']): Pick<ServiceFacts, 'ingress' | 'conditions'> {
  return { ingress: status?.loadBalancer?.ingress ?? [], conditions: status?.conditions ?? [] }
}
