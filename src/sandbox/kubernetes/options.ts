import type { SandboxOptions } from '../options.ts'

export const proxyModes = ['nftables', 'iptables'] as const

export type ProxyMode = (typeof proxyModes)[number]

/** What only the real cluster can be told. */
export interface KubernetesOptions {
  /** How kube-proxy forwards; nftables unless told otherwise. */
  readonly proxyMode?: ProxyMode
  /** IPv6 beside IPv4, for nodes, Pods and Services. */
  readonly dualStack?: boolean
  /** False leaves Lanlord out: a bare cluster. */
  readonly lanlord?: boolean
  /** How many controllers Lanlord runs; 2 unless told otherwise. */
  readonly controllerReplicas?: number
}

/** Everything a real cluster can be told. */
export type ClusterOptions = SandboxOptions & KubernetesOptions
