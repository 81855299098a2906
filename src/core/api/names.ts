/** The `spec.loadBalancerClass` that hands a Service to Lanlord. */
export const loadBalancerClass = 'lanlord.dev/lanlord'

/** The annotations on a Service that Lanlord reads. */
export const annotations = {
  pool: 'lanlord.dev/pool',
  addresses: 'lanlord.dev/addresses',
  sharingKey: 'lanlord.dev/sharing-key',
  sharingNamespaces: 'lanlord.dev/sharing-namespaces',
  preferredNode: 'lanlord.dev/preferred-node',
} as const

/** The conditions that Lanlord writes into a Service's status; their reasons are core's closed lists. */
export const conditionTypes = {
  allocated: 'lanlord.dev/Allocated',
  announced: 'lanlord.dev/Announced',
} as const

/** The condition of Lanlord's own kinds that sums up the others. */
export const ready = 'Ready'

/** The condition of an AddressPool that is False while something in it is legal and surely unmeant; else it is absent. */
export const sound = 'Sound'

/** The condition of an AddressPool that is False while a rebalance would move something of it; else it is absent. */
export const balanced = 'Balanced'

/** On an AddressPool while Services hold addresses of it, so that one in use is not gone before they have others. */
export const poolFinalizer = 'lanlord.dev/in-use'

/** Where Lanlord runs, and where its Lease and its Secret are, unless it is told otherwise. */
export const systemNamespace = 'lanlord-system'

/** The Lease whose holder is the controller that writes. */
export const leaseName = 'lanlord-controller'

/** The Secret with the key that signs heartbeats. */
export const heartbeatSecretName = 'lanlord-heartbeat'

/** A node that carries this label announces nothing, whatever its value. */
export const excludeLabel = 'node.kubernetes.io/exclude-from-external-load-balancers'

/** A node that carries this taint is off, and somebody says that it stays off: it announces nothing. */
export const outOfServiceTaint = 'node.kubernetes.io/out-of-service'
