/** What the suite reads of a Service. */
export interface ServiceObject {
  readonly metadata: {
    readonly name: string
    readonly resourceVersion: string
    readonly creationTimestamp: string
  }
  readonly status?: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly ip: string; readonly ipMode?: string }[]
    }
    readonly conditions?: readonly ConditionObject[]
  }
}

/** One condition of any object. */
export interface ConditionObject {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** What the suite reads of an AddressPool. */
export interface PoolObject {
  readonly metadata: {
    readonly name: string
    readonly deletionTimestamp?: string
    readonly finalizers?: readonly string[]
  }
  readonly status?: {
    readonly ipv4?: {
      readonly total: number
      readonly allocated: number
      readonly retained: number
      readonly quarantined: number
      readonly available: number
    }
    readonly waiting?: number
    readonly remembered?: readonly {
      readonly address: string
      readonly service: string
      readonly freedAt: string
    }[]
    readonly quarantine?: readonly { readonly address: string; readonly mac: string; readonly seen: string }[]
    readonly probe?: readonly string[]
    readonly conditions?: readonly ConditionObject[]
  }
}

/** What the suite reads of a Speaker. */
export interface SpeakerObject {
  readonly metadata: { readonly name: string }
  readonly spec?: {
    readonly addresses?: readonly { readonly address: string; readonly revision: number }[]
  }
  readonly status?: {
    readonly announcing?: readonly {
      readonly address: string
      readonly mac: string
      readonly since: string
      readonly unproven?: boolean
      readonly cause: string
    }[]
    readonly peers?: readonly { readonly node: string }[]
    readonly interfaces?: readonly {
      readonly name: string
      readonly link?: string
      readonly segment?: string
    }[]
    readonly unusedInterfaces?: readonly {
      readonly name: string
      readonly reason: string
      readonly message: string
    }[]
    readonly kubeProxy?: string
    readonly conditions?: readonly ConditionObject[]
  }
}

/** What the suite reads of an Event. */
export interface EventObject {
  readonly metadata: { readonly name: string; readonly resourceVersion: string }
  readonly involvedObject: { readonly kind: string; readonly name: string }
}

/** What the suite reads of a Deployment or a DaemonSet. */
export interface WorkloadObject {
  readonly metadata: { readonly generation: number }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly readyReplicas?: number
  }
}

/** What the suite reads of a Pod. */
export interface PodObject {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string }
  readonly status?: {
    readonly phase: string
    readonly podIP?: string
    readonly conditions?: readonly ConditionObject[]
    readonly containerStatuses?: readonly { readonly restartCount: number }[]
  }
}

/** What the suite reads of a Node. */
export interface NodeObject {
  readonly metadata: { readonly name: string }
  readonly status: { readonly conditions: readonly ConditionObject[] }
}
