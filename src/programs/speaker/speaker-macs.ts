import type { PlacementFacts } from '../../core/election/speaker-facts.ts'
import { fingerprint } from './fingerprint.ts'
import type { ToWire } from './messages.ts'

export interface SpeakerMacsOptions {
  readonly node: string
  readonly speakers: () => ReadonlyMap<string, Pick<PlacementFacts, 'macs'>>
  readonly say: (message: ToWire) => void
}

/** Tells the worker which MACs are those of other speakers of the cluster, when these are others than before. */
export class SpeakerMacs {
  readonly #options: SpeakerMacsOptions
  #told = ''

  constructor(options: SpeakerMacsOptions) {
    this.#options = options
  }

  tell(): void {
    const { node, speakers, say } = this.#options
    const others = [...speakers()].filter(([name]) => name !== node)
    const pairs = others.flatMap(([name, { macs }]) => macs.map((mac): [bigint, string] => [mac, name]))
    const text = fingerprint(pairs)
    if (text === this.#told) return
    this.#told = text
    say({ kind: 'speakers', macs: new Map(pairs) })
  }
}
