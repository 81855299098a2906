export interface Station {
  readonly name: string
  readonly kind: 'node' | 'client'
  readonly namespace: string
  readonly address: string
  readonly mac: string
}

/** What a LAN is made of; the names of its ports on the switch are the names of its stations. */
export interface LanPlan {
  readonly subnet: string
  readonly prefixLength: number
  readonly switchNamespace: string
  readonly client: Station
  readonly nodes: readonly Station[]
}

export const lanInterface = 'eth0'

const firstNodeHost = 11
const clientHost = 100
const prefixLength = 24

/** Each slot has a subnet of its own: 10.77.SLOT.0/24, nodes from .11, the client at .100, pools from .200. */
export function planLan(slot: number, nodes: number, prefix: string): LanPlan {
  const station = (name: string, kind: Station['kind'], host: number): Station => ({
    name,
    kind,
    namespace: `${prefix}-${name}`,
    address: `10.77.${slot}.${host}`,
    mac: macOf(slot, host),
  })
  return {
    subnet: `10.77.${slot}.0/${prefixLength}`,
    prefixLength,
    switchNamespace: `${prefix}-switch`,
    client: station('client', 'client', clientHost),
    nodes: Array.from({ length: nodes }, (_, index) =>
      station(`node-${index + 1}`, 'node', firstNodeHost + index),
    ),
  }
}

/** Reads like the address: 10.77.3.12 is 02:00:77:03:00:12. */
function macOf(slot: number, host: number): string {
  const digits = `77${String(slot).padStart(2, '0')}${String(host).padStart(4, '0')}`
  return `02:00:${(digits.match(/../g) ?? []).join(':')}`
}
