import type { SliceFacts } from '../../core/election/node-facts.ts'
import type { SliceRecord } from './projections.ts'

/** The slices of each Service, so that those of one are found without looking at all others. */
export class SliceIndex {
  readonly #slices = new Map<string, Map<string, SliceFacts>>()

  constructor(slices: Iterable<SliceRecord>) {
    for (const { key, facts } of slices) this.replace(key, undefined, facts)
  }

  replace(key: string, before: SliceFacts | undefined, after: SliceFacts | undefined): void {
    if (before) this.#drop(key, before.service)
    if (!after) return
    const slices = this.#slices.get(after.service) ?? new Map<string, SliceFacts>()
    this.#slices.set(after.service, slices.set(key, after))
  }

  /** The nodes that serve the Service, over all its slices. */
  servingOn(service: string): ReadonlySet<string | undefined> {
    const slices = [...(this.#slices.get(service)?.values() ?? [])]
    return new Set(slices.flatMap(({ servingOn }) => servingOn))
  }

  #drop(key: string, service: string): void {
    const slices = this.#slices.get(service)
    slices?.delete(key)
    if (slices?.size === 0) this.#slices.delete(service)
  }
}
