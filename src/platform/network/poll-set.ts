import { hostIsLittleEndian, poll } from './libc.ts'

const bytesEach = 8
const events = { readable: 0x001, writable: 0x004 }

/** The descriptors that one loop waits for, in the form that poll(2) takes. Built anew when they change. */
export class PollSet {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #count: number

  constructor(descriptors: readonly number[], until: keyof typeof events = 'readable') {
    this.#count = descriptors.length
    this.#bytes = new Uint8Array(descriptors.length * bytesEach)
    this.#view = new DataView(this.#bytes.buffer)
    for (const [index, descriptor] of descriptors.entries()) {
      this.#view.setInt32(index * bytesEach, descriptor, hostIsLittleEndian)
      this.#view.setInt16(index * bytesEach + 4, events[until], hostIsLittleEndian)
    }
  }

  /**
   * Waits for one of them, `timeoutMs` at most; answers whether any is ready. A signal counts as none. A time that has
   * passed already is no wait at all: to poll(2) itself, less than nothing is for ever.
   */
  wait(timeoutMs: number): boolean {
    return poll(this.#bytes, this.#count, Math.max(0, timeoutMs)) > 0
  }

  /** Whether the descriptor added as number `index` is ready; an error makes it so too. */
  isReady(index: number): boolean {
    return this.#view.getInt16(index * bytesEach + 6, hostIsLittleEndian) !== 0
  }
}
