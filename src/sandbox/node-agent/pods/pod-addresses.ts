/** The Pod addresses of one node: each goes to one Pod, and a freed one comes last in turn. */
export class PodAddresses {
  readonly #first: number
  readonly #size: number
  readonly #taken = new Set<string>()
  #turn = 2 // .0 is the network's, .1 a bridge's where there is one.

  /** `cidr`: IPv4, as the node's spec.podCIDR. */
  constructor(cidr: string) {
    const [base = '', length = ''] = cidr.split('/')
    const octets = base.split('.').map(Number)
    if (octets.length !== 4 || octets.some(Number.isNaN) || !/^\d+$/.test(length) || Number(length) > 30)
      throw new Error(`--pod-cidr ${cidr} is not an IPv4 range such as 10.244.1.0/24`)
    this.#first = octets.reduce((number, octet) => number * 256 + octet, 0)
    this.#size = 2 ** (32 - Number(length))
  }

  /** The address that a Pod had before, if it is of this node and free, else the next free one that no other Pod had. */
  take(former: string | undefined, others: ReadonlySet<string>): string {
    if (former !== undefined && this.#holds(former) && !this.#taken.has(former)) return this.#mark(former)
    for (let tries = 0; tries < this.#size; tries++) {
      const offset = this.#turn
      this.#turn = offset + 1 < this.#size - 1 ? offset + 1 : 2
      const address = textOf(this.#first + offset)
      if (!this.#taken.has(address) && !others.has(address)) return this.#mark(address)
    }
    throw new Error(`all ${this.#size - 3} Pod addresses of this node are taken`)
  }

  free(address: string): void {
    this.#taken.delete(address)
  }

  #mark(address: string): string {
    this.#taken.add(address)
    return address
  }

  #holds(address: string): boolean {
    const offset = address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0) - this.#first
    return offset >= 2 && offset < this.#size - 1
  }
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
