import * as z from 'zod'
import { addressPoolSpec, addressPoolStatus } from '../../core/api/address-pool.ts'
import { apiVersion as ownVersion } from '../../core/api/group.ts'
import { speakerSpec } from '../../core/api/speaker-spec.ts'
import { speakerStatus } from '../../core/api/speaker-status.ts'
import { matching } from '../../core/api/twin.ts'

/** A kind that is read here, and what must hold for an object of it. */
export interface Kind {
  readonly name: KindName
  readonly apiVersion: string
  readonly isNamespaced: boolean
  readonly schema: z.ZodType
}

/** The kinds that say something about who gets which address. */
export type KindName = 'AddressPool' | 'Speaker' | 'Service' | 'Namespace' | 'Node' | 'EndpointSlice'

const text = z.string()
const texts = z.record(text, text)
const moment = z.iso.datetime({
  offset: true,
  error: ({ input }) => `${JSON.stringify(input)} is not a moment; write it such as 2026-01-31T12:00:00Z`,
})

const name = matching(
  text.max(253),
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  'is not a name; write lower-case letters, digits, dashes and dots',
)

const namespace = matching(
  text.max(63),
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  'is not the name of a namespace; write lower-case letters, digits and dashes',
)

const metadata = z.object({
  name,
  namespace: namespace.optional(),
  uid: text.optional(),
  resourceVersion: text.optional(),
  generation: z.int().optional(),
  creationTimestamp: moment.optional(),
  deletionTimestamp: moment.optional(),
  labels: texts.optional(),
  annotations: texts.optional(),
})

const condition = z.object({
  type: text,
  status: text,
  reason: text.optional(),
  message: text.optional(),
  lastTransitionTime: text.optional(),
})

// Of other people's kinds, what is read here; whatever else an object has is for the API server to judge.
const serviceSpec = z.object({
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).optional(),
  loadBalancerClass: text.optional(),
  loadBalancerIP: text.optional(),
  ipFamilies: z
    .array(z.enum(['IPv4', 'IPv6']))
    .max(2)
    .optional(),
  ipFamilyPolicy: z.enum(['SingleStack', 'PreferDualStack', 'RequireDualStack']).optional(),
  clusterIP: text.optional(),
  clusterIPs: z.array(text).max(2).optional(),
  externalTrafficPolicy: z.enum(['Cluster', 'Local']).optional(),
  selector: texts.optional(),
  ports: z
    .array(z.object({ protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional(), port: z.int().min(1).max(65535) }))
    .optional(),
})

const ingress = z.object({ ip: text.optional(), hostname: text.optional(), ipMode: text.optional() })
const serviceStatus = z.object({
  loadBalancer: z.object({ ingress: z.array(ingress).optional() }).optional(),
  conditions: z.array(condition).optional(),
})

const nodeSpec = z.object({ unschedulable: z.boolean().optional() })
const nodeStatus = z.object({
  addresses: z.array(z.object({ type: text, address: text })).optional(),
  conditions: z.array(condition).optional(),
})

const endpoint = z.object({
  nodeName: text.optional(),
  conditions: z.object({ ready: z.boolean().optional(), serving: z.boolean().optional() }).optional(),
})

/** All of them; our own are held to what the API server holds them to. */
export const kinds: readonly Kind[] = [
  {
    name: 'AddressPool',
    apiVersion: ownVersion,
    isNamespaced: false,
    schema: z.object({ metadata, spec: addressPoolSpec, status: addressPoolStatus.optional() }),
  },
  {
    name: 'Speaker',
    apiVersion: ownVersion,
    isNamespaced: false,
    schema: z.object({ metadata, spec: speakerSpec.prefault({}), status: speakerStatus.optional() }),
  },
  {
    name: 'Service',
    apiVersion: 'v1',
    isNamespaced: true,
    schema: z.object({ metadata, spec: serviceSpec.optional(), status: serviceStatus.optional() }),
  },
  { name: 'Namespace', apiVersion: 'v1', isNamespaced: false, schema: z.object({ metadata }) },
  {
    name: 'Node',
    apiVersion: 'v1',
    isNamespaced: false,
    schema: z.object({ metadata, spec: nodeSpec.optional(), status: nodeStatus.optional() }),
  },
  {
    name: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    isNamespaced: true,
    schema: z.object({ metadata, endpoints: z.array(endpoint).optional() }),
  },
]
