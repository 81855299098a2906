import * as z from 'zod'
import { addressEntry } from './address-entry.ts'
import { conditions, count, moment } from './condition.ts'
import { duration } from './duration.ts'
import type { Frozen } from './frozen.ts'
import { labelSelector } from './label-selector.ts'
import { matching } from './twin.ts'

const selectors = z.array(labelSelector).max(32)

const namespace = matching(
  z.string().max(63),
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  'is not the name of a namespace; write lower-case letters, digits and dashes',
)

const interfaceGlob = matching(
  z.string().max(64),
  '^[!-+.0-9;-~-]+$',
  'is not an interface name; write one name or glob in each entry, such as eth0 or enp*',
)

const quota = z.object({
  perNamespace: z
    .int32()
    .min(1)
    .optional()
    .describe('How many addresses of this pool the Services of one namespace may hold. Absent: no limit.'),
})

const preferredNode = z.object({
  weight: z
    .int32()
    .min(1)
    .max(100)
    .describe('How much it counts, from 1 to 100. The weights of all terms that match a node add up.'),
  selector: labelSelector.describe('The nodes that the term speaks for.'),
})

const l2 = z.object({
  enabled: z
    .boolean()
    .default(true)
    .describe('Whether speakers announce the addresses of this pool by ARP and NDP.'),
  interfaces: z
    .array(interfaceGlob)
    .max(32)
    .default([])
    .describe(
      'The interfaces to announce on, as names or globs such as enp*. Empty: every usable interface.',
    ),
  nodeSelectors: selectors
    .optional()
    .describe('The nodes that may announce: those that match any of these selectors. Absent: every node.'),
  preferredNodes: z
    .array(preferredNode)
    .max(16)
    .default([])
    .describe(
      'Where an address goes that has to go somewhere, because it is new or because its node cannot announce it any more: to the node with the highest weight of those that can. What is announced does not move for it, unless rebalance is Auto.',
    ),
  rebalance: z
    .enum(['Manual', 'Auto'])
    .default('Manual')
    .describe(
      'What a node that joins gets. Manual: nothing of what is announced elsewhere. Auto: its share of the addresses, a few at a time, once it has been there for a while; and what is on another node than the preferred ones goes back to them.',
    ),
  readiness: z
    .enum(['Wait', 'None'])
    .default('Wait')
    .describe(
      'Wait: a node answers for a new address as soon as it forwards the traffic (tried for a bounded time). None: at once.',
    ),
})

/** What the operator says about a pool of addresses: which ones, for whom, and who announces them. */
export const addressPoolSpec = z
  .object({
    addresses: z
      .array(addressEntry)
      .min(1)
      .max(256)
      .describe(
        'The addresses to lease, in the order in which they are given out. Each entry is a CIDR (10.0.5.0/28), an inclusive range (192.168.10.200-192.168.10.250) or a single address; IPv4 and IPv6 entries may be mixed. The first address of an IPv6 CIDR is the one that all its routers answer for (RFC 4291), and only a Service that asks for it gets it. No address may be in two pools: the older pool keeps it and the younger one is not Ready.',
      ),
    exclude: z
      .array(addressEntry)
      .max(256)
      .default([])
      .describe(
        'Addresses among them that are never given out, written in the same three forms. Services that hold one keep it.',
      ),
    autoAssign: z
      .boolean()
      .default(true)
      .describe(
        'Whether Services that ask for nothing get addresses of this pool. False: only a Service that asks for this pool or for one of its addresses does.',
      ),
    avoidBuggyIPs: z
      .boolean()
      .default(false)
      .describe('Never give out IPv4 addresses that end in .0 or .255, which some old devices refuse.'),
    disabled: z
      .boolean()
      .default(false)
      .describe('Give out nothing new. Services keep the addresses that they hold.'),
    priority: z
      .int32()
      .min(-1_000_000)
      .max(1_000_000)
      .default(0)
      .describe(
        'Pools with a higher priority are tried first; among equals those with a matching selector before open ones, then by name.',
      ),
    namespaces: z
      .array(namespace)
      .max(256)
      .optional()
      .describe(
        'The namespaces whose Services may use this pool, besides those that namespaceSelectors chooses. Both absent: every namespace.',
      ),
    namespaceSelectors: selectors
      .optional()
      .describe(
        'Label selectors on namespaces; a Service may use this pool when any of them matches its namespace, or namespaces lists it.',
      ),
    serviceSelectors: selectors
      .optional()
      .describe(
        'Label selectors on Services; a Service may use this pool when any of them matches it. Absent: every Service.',
      ),
    quota: quota.optional().describe('Limits on what one namespace may hold. Absent: none.'),
    sharing: z
      .enum(['Namespace', 'Cluster'])
      .default('Namespace')
      .describe(
        'Who may share an address of this pool. Namespace: Services of one namespace with the same sharing key. Cluster: also those of two namespaces that name each other in the annotation lanlord.dev/sharing-namespaces.',
      ),
    retain: duration
      .default('0s')
      .describe(
        'For how long after a Service is gone its address is kept for a Service of the same namespace and name, such as 30m or 1h30m. Within that time nobody else gets it, even when the pool is full. At most 1024 addresses of a pool are kept: of more, those whose time is over soonest are not. What is changed here counts at once, also for addresses that were freed before. 0s: nothing is kept for sure, though addresses that were freed last are still given out last.',
      ),
    l2: l2
      .prefault({})
      .describe(
        'How the addresses are announced on the LAN. Absent: by every node, on every usable interface.',
      ),
  })
  .describe('Which addresses there are, who may have them, and which nodes announce them.')

const familyUse = z.object({
  total: count.describe('Addresses that can be given out at all: those listed and not excluded.'),
  allocated: count.describe('Addresses that Services hold.'),
  retained: count.describe('Free addresses that are kept for a Service that is gone (see spec.retain).'),
  quarantined: count.describe('Free addresses that another device on the LAN answers for.'),
  available: count.describe('Addresses that the next Service could get.'),
})

const saturates =
  'A count that is greater than 9007199254740991 (2^53 - 1), as large IPv6 ranges have it, is written as that number.'

const rememberedAddress = z.object({
  address: z.string().max(45).describe('The address.'),
  service: z.string().max(317).describe('Who had it last, as namespace/name.'),
  freedAt: moment.describe('When it was freed.'),
})

const quarantinedAddress = z.object({
  address: z.string().max(45).describe('The address.'),
  mac: z.string().max(17).describe('The MAC address of the device that answers for it.'),
  seen: moment.describe('When it was last seen to answer, a few minutes behind.'),
})

/** What the controller says about a pool: how much of it is in use, and whether it can be used at all. */
export const addressPoolStatus = z
  .object({
    ipv4: familyUse.optional().describe('How the IPv4 addresses of the pool are used.'),
    ipv6: familyUse.optional().describe(`How the IPv6 addresses of the pool are used. ${saturates}`),
    waiting: count
      .optional()
      .describe('How many Services have no address, or not the one they ask for, and wait for this pool.'),
    remembered: z
      .array(rememberedAddress)
      .max(1024)
      .optional()
      .describe(
        'Addresses that were freed last and who had them, the latest last, so that the same Service gets its own again.',
      ),
    quarantine: z
      .array(quarantinedAddress)
      .max(256)
      .optional()
      .describe('Addresses that are not given out, for another device on the LAN answers for them.'),
    probe: z
      .array(z.string().max(45))
      .max(16)
      .optional()
      .describe(
        'The addresses that are given out next. Speakers ask the LAN for these ahead of time, so that none is given out that another device has.',
      ),
    conditions: conditions
      .optional()
      .describe('Ready says whether the pool can be used, and if not, why and what would mend it.'),
  })
  .describe('How much of the pool is in use, and whether it can be used. Written by the controller.')

/** A pool's spec as read: defaults filled in. */
export type AddressPoolSpec = Frozen<z.output<typeof addressPoolSpec>>

/** A pool's status as read. */
export type AddressPoolStatus = Frozen<z.output<typeof addressPoolStatus>>
