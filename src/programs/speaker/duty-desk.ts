import { dutiesOf } from '../../core/election/duties.ts'
import type { DutyView } from '../../core/election/duties.ts'
import type { Duty } from '../../core/election/event.ts'
import { fingerprint } from './fingerprint.ts'
import type { ToWire } from './messages.ts'
import { Soon } from './soon.ts'

interface Options {
  readonly view: () => DutyView
  readonly ownInterfaces: () => readonly string[]
  /** The `spec.revision` of this node's Speaker; undefined when there is none. */
  readonly storedRevision: () => number | undefined
  readonly say: (message: ToWire) => void
  /** Called each time before the worker is told. */
  readonly onDuties: (duties: readonly Duty[]) => void
  readonly onRevision: () => void
}

/** Tells the worker what the cluster would have this node do, whenever that is another thing than before. */
export class DutyDesk implements Disposable {
  readonly #options: Options
  readonly #soon = new Soon(() => this.#tell(), { delayMs: 2, apartMs: 10 })
  #told = ''
  #revision = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** Of which revision of the spec the worker was told last. */
  get revision(): number {
    return this.#revision
  }

  request(): void {
    this.#soon.request()
  }

  #tell(): void {
    const { view, ownInterfaces, onDuties, say } = this.#options
    const duties = dutiesOf(view(), ownInterfaces())
    onDuties(duties)
    this.#noteRevision()
    const text = fingerprint(duties)
    if (text === this.#told) return
    this.#told = text
    say({ kind: 'duties', duties })
  }

  #noteRevision(): void {
    const revision = this.#options.storedRevision() ?? 0
    if (revision === this.#revision) return
    this.#revision = revision
    this.#options.onRevision()
  }

  [Symbol.dispose](): void {
    this.#soon[Symbol.dispose]()
  }
}
