import { manyForeign } from '../../core/api/speaker-status.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { SeenConflict } from './messages.ts'

/** Who answers for addresses that nobody announces yet, as the worker has told: of each address on an interface the last one. */
export class ForeignAddresses {
  readonly #standing = new Map<string, SeenConflict>()

  get count(): number {
    return this.#standing.size
  }

  /** As many as fit into a status, the latest first. */
  get told(): readonly SeenConflict[] {
    return [...this.#standing.values()].toReversed().slice(0, manyForeign)
  }

  begin(sighting: SeenConflict): void {
    this.#standing.set(nameOf(sighting), sighting)
  }

  end(sighting: SeenConflict): void {
    this.#standing.delete(nameOf(sighting))
  }
}

function nameOf({ address, interface: name }: SeenConflict): string {
  return `${formatAddress(address)} ${name}`
}
