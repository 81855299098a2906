import { apiVersion } from '../../core/api/group.ts'
import { estrangedName, estrangedText } from '../../core/election/estranged-words.ts'
import type { EventRecord } from '../../platform/kubernetes/events.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
import type { SpeakerRecord } from './projections.ts'

/** Anyone on a LAN can play a speaker, under one MAC after the other: of one node that makes an Event this often at the most. */
const apartMs = 60_000

export interface EstrangedEventsOptions {
  readonly record: (event: EventRecord) => void
  readonly now?: () => number
}

/** Events on a Speaker that notices another one which is none of its peers. */
export class EstrangedEvents {
  readonly #options: EstrangedEventsOptions
  readonly #toldMs = new Map<string, number>()

  constructor(options: EstrangedEventsOptions) {
    this.#options = options
  }

  note(change: Change<SpeakerRecord>): void {
    if (change.kind === 'removed') this.#toldMs.delete(change.object.key)
    if (change.kind !== 'changed') return
    const { before, object } = change
    if (before.facts.estranged === object.facts.estranged) return
    const known = new Set(before.facts.estranged.map(estrangedName))
    const fresh = object.facts.estranged.filter((each) => !known.has(estrangedName(each)))
    if (fresh.length > 0) this.#tell(object, estrangedText(fresh))
  }

  #tell({ key, uid }: SpeakerRecord, note: string): void {
    const now = (this.#options.now ?? (() => performance.now()))()
    if (now - (this.#toldMs.get(key) ?? -Infinity) < apartMs) return
    this.#toldMs.set(key, now)
    const regarding = { apiVersion, kind: 'Speaker', name: key, uid }
    this.#options.record({ regarding, type: 'Warning', reason: 'PeerEstranged', action: 'Review', note })
  }
}
