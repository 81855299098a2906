import type * as z from 'zod'
import { addressPoolSpec, addressPoolStatus } from './address-pool.ts'
import { group, version } from './group.ts'
import { speakerSpec } from './speaker-spec.ts'
import { speakerStatus } from './speaker-status.ts'
import type { StructuralSchema } from './structural.ts'
import { structuralSchema } from './structural.ts'

/** A column of `kubectl get`; priority 1 shows it with -o wide only. */
interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly jsonPath: string
  readonly description: string
  readonly priority?: number
}

interface Names {
  readonly kind: string
  readonly listKind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
}

interface Version {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly subresources: { readonly status: Readonly<Record<string, never>> }
  readonly additionalPrinterColumns: readonly PrinterColumn[]
  readonly schema: { readonly openAPIV3Schema: StructuralSchema }
}

/** A CustomResourceDefinition (apiextensions.k8s.io/v1) as plain data. */
export interface CustomResourceDefinition {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly spec: {
    readonly group: string
    readonly scope: 'Cluster'
    readonly names: Names
    readonly versions: readonly Version[]
  }
}

/** What one of our kinds is, apart from what all of them have in common. */
interface Kind {
  readonly kind: string
  readonly shortNames: readonly string[]
  readonly description: string
  readonly spec: z.ZodType
  readonly status: z.ZodType
  readonly requiresSpec: boolean
  readonly columns: readonly PrinterColumn[]
}

const readyColumn: PrinterColumn = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  description: 'Whether it works; kubectl describe says why not.',
}

const ageColumn: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'When it was created.',
}

const addressPool: Kind = {
  kind: 'AddressPool',
  shortNames: ['pool', 'pools', 'ap'],
  description:
    'An AddressPool is a set of addresses of the LAN that Lanlord may lease to Services of type LoadBalancer.',
  spec: addressPoolSpec,
  status: addressPoolStatus,
  requiresSpec: true,
  columns: [
    readyColumn,
    {
      name: 'Auto',
      type: 'boolean',
      jsonPath: '.spec.autoAssign',
      description: 'Given out without being asked for.',
    },
    {
      name: 'V4-Used',
      type: 'integer',
      jsonPath: '.status.ipv4.allocated',
      description: 'IPv4 addresses held.',
    },
    {
      name: 'V4-Free',
      type: 'integer',
      jsonPath: '.status.ipv4.available',
      description: 'IPv4 addresses left.',
    },
    {
      name: 'V6-Used',
      type: 'integer',
      jsonPath: '.status.ipv6.allocated',
      description: 'IPv6 addresses held.',
    },
    {
      name: 'V6-Free',
      type: 'integer',
      jsonPath: '.status.ipv6.available',
      description: 'IPv6 addresses left.',
    },
    {
      name: 'Waiting',
      type: 'integer',
      jsonPath: '.status.waiting',
      description: 'Services that wait for it.',
      priority: 1,
    },
    {
      name: 'Addresses',
      type: 'string',
      jsonPath: '.spec.addresses',
      description: 'What the pool lists.',
      priority: 1,
    },
    ageColumn,
  ],
}

const speaker: Kind = {
  kind: 'Speaker',
  shortNames: ['spk'],
  description:
    'A Speaker is what Lanlord runs on the node of the same name: it answers ARP and NDP for the addresses that the node is elected to announce.',
  spec: speakerSpec,
  status: speakerStatus,
  requiresSpec: false,
  columns: [
    readyColumn,
    {
      name: 'Addresses',
      type: 'integer',
      jsonPath: '.status.count',
      description: 'How many addresses it announces.',
    },
    {
      name: 'Announcing',
      type: 'string',
      jsonPath: '.status.summary',
      description: 'The first few of them.',
    },
    {
      name: 'Peers',
      type: 'integer',
      jsonPath: '.status.peerCount',
      description: 'How many other speakers it hears.',
    },
    {
      name: 'Kube-Proxy',
      type: 'string',
      jsonPath: '.status.kubeProxy',
      description: 'What the kube-proxy of its node says of itself.',
      priority: 1,
    },
    {
      name: 'Interface',
      type: 'string',
      jsonPath: '.status.interfaces[0].name',
      description: 'Its first interface.',
      priority: 1,
    },
    {
      name: 'MAC',
      type: 'string',
      jsonPath: '.status.interfaces[0].mac',
      description: 'The MAC address of that.',
      priority: 1,
    },
    ageColumn,
  ],
}

/** The definitions of all our kinds, made from the zod schemas alone. */
export function customResourceDefinitions(): readonly CustomResourceDefinition[] {
  return [addressPool, speaker].map(definitionOf)
}

function definitionOf(kind: Kind): CustomResourceDefinition {
  const singular = kind.kind.toLowerCase()
  const plural = `${singular}s`
  const { shortNames } = kind
  const names = {
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    plural,
    singular,
    shortNames,
    categories: ['lanlord'],
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { 'app.kubernetes.io/name': 'lanlord' } },
    spec: { group, scope: 'Cluster', names, versions: [versionOf(kind)] },
  }
}

function versionOf(kind: Kind): Version {
  return {
    name: version,
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: kind.columns,
    schema: { openAPIV3Schema: objectSchema(kind) },
  }
}

function objectSchema({ description, spec, status, requiresSpec }: Kind): StructuralSchema {
  return {
    type: 'object',
    description,
    ...(requiresSpec && { required: ['spec'] }),
    properties: {
      apiVersion: { type: 'string', description: 'The group and version of this object.' },
      kind: { type: 'string', description: 'The kind of this object.' },
      metadata: { type: 'object' },
      spec: structuralSchema(spec),
      status: structuralSchema(status),
    },
  }
}
