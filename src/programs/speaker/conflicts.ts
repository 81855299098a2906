import { manyConflicts } from '../../core/api/speaker-status.ts'
import { keyOf, type Key } from '../../core/election/key.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { SeenConflict } from './messages.ts'

/** Who else answers for addresses that are announced here, as the worker has told. */
export class Conflicts {
  readonly #standing = new Map<string, SeenConflict>()

  get count(): number {
    return this.#standing.size
  }

  /** How many of them insist. */
  get insistingCount(): number {
    return [...this.#standing.values()].filter(({ insists }) => insists).length
  }

  /** As many as fit into a status: one of each address before the second of any, the one that began last first. */
  get told(): readonly SeenConflict[] {
    const latest = [...this.#standing.values()].toReversed()
    const seen = new Set<Key>()
    const [firsts, others]: [SeenConflict[], SeenConflict[]] = [[], []]
    for (const each of latest) {
      const key = keyOf(each.address)
      if (seen.has(key)) others.push(each)
      else firsts.push(each)
      seen.add(key)
    }
    return [...firsts, ...others].slice(0, manyConflicts)
  }

  begin(conflict: SeenConflict): void {
    this.#standing.set(nameOf(conflict), conflict)
  }

  insist(conflict: SeenConflict): void {
    const { at } = this.#standing.get(nameOf(conflict)) ?? conflict
    this.#standing.set(nameOf(conflict), { ...conflict, at, insists: true })
  }

  end(conflict: SeenConflict): void {
    this.#standing.delete(nameOf(conflict))
  }
}

function nameOf({ address, interface: name, mac }: SeenConflict): string {
  return `${formatAddress(address)} ${name} ${mac}`
}
