import { placeChanged, placeShifted, takeUp } from '../../../src/core/election/standing-placement.ts'
import { look, lookSoon, noteRollCall, unseen } from '../../../src/core/election/rebalancing.ts'
import type { Pooled } from '../../../src/core/election/rebalancing.ts'
import type { Presence } from '../../../src/core/election/roll-call.ts'
import { graceMs } from '../../../src/core/election/roll-call.ts'

/** One thing that happens to the cluster. */
export type Happening =
  | { readonly kind: 'node'; readonly node: string; readonly isUp: boolean }
  | { readonly kind: 'comes'; readonly index: number; readonly pool: string; readonly may: readonly string[] }
  | { readonly kind: 'goes'; readonly index: number }
  | { readonly kind: 'wait'; readonly ms: number }

/** An address that went from one node to another, and whether a rebalance took it. */
export interface Move {
  readonly at: number
  readonly key: string
  readonly from: string
  readonly to: string
  readonly isRebalance: boolean
  /** Whether the node that it left could have kept it. */
  readonly couldStay: boolean
}

const handOverMs = 200

/** An address that may be announced by these nodes; `+` is one that is preferred. */
export function pooled(index: number, pool: string, may: readonly string[]): Pooled {
  const candidates = may.map((word) => {
    const node = word.replace('+', '')
    return { node, lastResort: false, ...(word !== node && { preference: 50 }) }
  })
  return { key: `a${index}`, address: { family: 'IPv4', value: BigInt(index) }, candidates, pool }
}

/** The placing of a controller, with all that happens to its cluster; time goes on by itself from one due moment to the next. */
export class History {
  readonly placement = takeUp([], 0)
  readonly moves: Move[] = []
  now = 0
  looks = 0
  #rebalancing = unseen
  readonly #addresses = new Map<string, Pooled>()
  readonly #roll = new Map<string, Presence>()
  readonly #arriving = new Map<string, number>()
  readonly #automatic: ReadonlySet<string>

  constructor(nodes: readonly string[], automatic: readonly string[] = ['auto']) {
    this.#automatic = new Set(automatic)
    for (const node of nodes) this.#set(node, 'present')
    this.#turn([], [], true)
  }

  get addresses(): readonly Pooled[] {
    return [...this.#addresses.values()]
  }

  get dueAt(): number {
    return this.#rebalancing.dueAt
  }

  in(state: Presence['state']): ReadonlySet<string> {
    return new Set([...this.#roll].flatMap(([node, presence]) => (presence.state === state ? node : [])))
  }

  loads(): readonly number[] {
    return [...this.in('present')].map((node) => this.placement.shares.get(node)?.size ?? 0)
  }

  happen(each: Happening): void {
    if (each.kind === 'wait') return this.#waitUntil(this.now + each.ms)
    if (each.kind === 'node') return this.#comeOrGo(each.node, each.isUp)
    const key = `a${each.index}`
    if (each.kind === 'goes') {
      if (this.#addresses.delete(key)) this.#turn([], [key], false)
      return
    }
    const address = pooled(each.index, each.pool, each.may)
    this.#addresses.set(key, address)
    this.#turn([address], [], false)
  }

  /** Goes on until nothing is due any more; answers whether that came. */
  settle(withinMs = 2 * 3_600_000): boolean {
    this.#waitUntil(this.now + withinMs)
    return this.dueAt === Infinity
  }

  #comeOrGo(node: string, isUp: boolean): void {
    const isHere = this.#roll.get(node)?.state === 'present'
    if (isUp === isHere) return
    if (isUp) this.#set(node, 'present')
    else if (this.#roll.get(node)?.state === 'gone') return
    else this.#set(node, 'away')
    this.#turn(this.addresses, [], true)
  }

  #set(node: string, state: Presence['state']): void {
    this.#roll.set(node, { state, since: this.now, wasHeard: true })
  }

  #waitUntil(until: number): void {
    for (;;) {
      const away = [...this.#roll.values()].filter(({ state }) => state === 'away')
      const next = Math.min(
        this.dueAt,
        ...away.map(({ since }) => since + graceMs),
        ...this.#arriving.values(),
      )
      if (next > until) break
      this.now = Math.max(this.now, next)
      this.#pass()
    }
    this.now = until
  }

  /** What time alone brings about. */
  #pass(): void {
    const expired = [...this.#roll].filter(
      ([, { state, since }]) => state === 'away' && since + graceMs <= this.now,
    )
    for (const [node] of expired) this.#set(node, 'gone')
    const arrived = [...this.#arriving].filter(([, at]) => at <= this.now)
    for (const [key] of arrived) this.#arriving.delete(key)
    this.#turn(expired.length > 0 ? this.addresses : [], [], expired.length + arrived.length > 0)
  }

  /** As the controller takes its turns. */
  #turn(changed: readonly Pooled[], gone: readonly string[], isOther: boolean): void {
    const [live, away] = [this.in('present'), this.in('away')]
    const placed = placeChanged(this.placement, { changed, gone, followed: new Map(), live, away })
    this.#note(placed, false)
    if (changed.length + gone.length > 0 || isOther) this.#rebalancing = lookSoon(this.#rebalancing)
    this.#rebalancing = noteRollCall(this.#rebalancing, this.#roll, this.now)
    if (this.now < this.dueAt) return
    this.looks++
    const scene = {
      rollCall: this.#roll,
      addresses: this.addresses,
      placed: this.placement.placed,
      elsewhere: new Set(this.#arriving.keys()),
      automatic: this.#automatic,
    }
    const [rebalancing, shifts] = look(this.#rebalancing, scene, this.now)
    this.#rebalancing = rebalancing
    this.#note(placeShifted(this.placement, shifts), true)
  }

  #note(moves: ReturnType<typeof placeShifted>, isRebalance: boolean): void {
    for (const [key, former] of moves) {
      const from = former?.node
      const to = this.placement.placed.get(key)?.node
      if (from === undefined || to === undefined || to === from) continue
      const couldStay = this.#couldStay(key, from)
      this.moves.push({ at: this.now, key, from, to, isRebalance, couldStay })
      if (isRebalance) this.#arriving.set(key, this.now + handOverMs)
    }
  }

  #couldStay(key: string, from: string): boolean {
    const candidates = this.#addresses.get(key)?.candidates ?? []
    return candidates.some(({ node }) => node === from) && this.#roll.get(from)?.state !== 'gone'
  }
}
