import { manyFindings } from '../../core/api/speaker.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { FromWire, SeenFinding } from './messages.ts'

/** What tests of this node found amiss with addresses of others, as the worker has told: of each address on an interface the last. */
export class Findings {
  readonly #standing = new Map<string, SeenFinding>()

  get count(): number {
    return this.#standing.size
  }

  /** As many as fit into a status, the latest first. */
  get told(): readonly SeenFinding[] {
    return [...this.#standing.values()].toReversed().slice(0, manyFindings)
  }

  note({ kind, finding }: Extract<FromWire, { finding: unknown }>): void {
    const name = `${formatAddress(finding.address)} ${finding.interface}`
    this.#standing.delete(name)
    if (kind === 'finding') this.#standing.set(name, finding)
  }
}
