import { annotations } from '../api/names.ts'

/** Whose annotations on Services are read beside our own. */
export interface Compatibility {
  readonly metallb: boolean
  readonly kubeVip: boolean
}

/** Only our own annotations are read. */
export const noCompatibility: Compatibility = { metallb: false, kubeVip: false }

/** What an annotation of ours asks for and one of theirs may ask for, too. */
export type Asked = 'pool' | 'addresses' | 'sharingKey'

/** MetalLB's way to ask for a sharing key: it lets Services of all namespaces share. The prefix that is deprecated comes last. */
export const metallbSharing: readonly string[] = [
  'metallb.io/allow-shared-ip',
  'metallb.universe.tf/allow-shared-ip',
]

/** kube-vip's way to ask for addresses. Its cloud provider copies the first of them into spec.loadBalancerIP. */
export const kubeVipAddresses = 'kube-vip.io/loadbalancerIPs'

const metallb: Readonly<Record<Asked, readonly string[]>> = {
  pool: ['metallb.io/address-pool', 'metallb.universe.tf/address-pool'],
  addresses: ['metallb.io/loadBalancerIPs', 'metallb.universe.tf/loadBalancerIPs'],
  sharingKey: metallbSharing,
}

const words: Readonly<Record<string, keyof Compatibility>> = { metallb: 'metallb', 'kube-vip': 'kubeVip' }

/** The annotations that ask for this, ours first: the first that is there counts. */
export function namesFor(asked: Asked, compatibility: Compatibility): readonly string[] {
  const theirs = compatibility.metallb ? metallb[asked] : []
  const more = compatibility.kubeVip && asked === 'addresses' ? [kubeVipAddresses] : []
  return [annotations[asked], ...theirs, ...more]
}

/** Reads a comma list such as `metallb,kube-vip`; an empty one means that only our own annotations are read. */
export function parseCompatibility(text: string): Compatibility | { readonly problem: string } {
  const named = text.split(',').map((each) => each.trim())
  const parsed = { ...noCompatibility }
  for (const name of named.filter((each) => each !== '')) {
    const key = Object.hasOwn(words, name) ? words[name] : undefined
    if (!key) return { problem: `"${name}" is none of ${Object.keys(words).join(', ')}` }
    parsed[key] = true
  }
  return parsed
}
