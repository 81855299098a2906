import { takeAnswers } from '../../../core/announcement/askers.ts'
import type { Answering } from '../../../core/election/effect.ts'
import { keyOf, type Key } from '../../../core/election/key.ts'
import { minFrameBytes } from '../../../core/wire/ethernet.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'
import type { Counters } from '../counters.ts'
import { sendCounted } from './announce.ts'
import type { Link } from './link.ts'
import type { Links } from './links.ts'

/** From here on, exactly these addresses are answered for, and whoever asked for one of them meanwhile is answered now. */
export function answerAll(
  answering: readonly Answering[],
  { links, counters }: { readonly links: Links; readonly counters: Counters },
): void {
  for (const link of links.all) {
    link.answer(answering)
    if (link.askers.count > 0) answerAskers(link, answering, counters)
  }
}

function answerAskers(link: Link, answering: readonly Answering[], counters: Counters): void {
  const own = answering.filter((one) => one.interface === link.name)
  const keys = new Set<Key>(own.map(({ address }) => keyOf(address)))
  for (const answer of takeAnswers(link.askers, (key) => keys.has(key), bootTimeMs())) {
    const isArp = answer.length === minFrameBytes
    sendCounted(isArp ? link.arp : link.ndp, answer, 'sent reply', counters)
  }
}
