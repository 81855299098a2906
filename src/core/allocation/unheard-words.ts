import type { Unheard } from '../election/unheard.ts'
import { listed } from '../words/listed.ts'

/** As many are named. */

/** What keeps an address that is announced from being reached, and where to look. */
export function unheardWords({ node, result, witnesses, others }: Unheard): string {
  const asked = `though others answer ${listed(witnesses)}`
  const mend = `look for what keeps the answers of ${node} from the LAN: a filter on the node, its bridge or its switch port`
  if (result === 'Unanswered') return `nobody answers for it, ${asked}; ${mend}`
  const names = listed(
    others.map(({ mac, node: whose }) => (whose === undefined ? mac : `${whose} (${mac})`)),
  )
  const isNode = others.every((other) => other.node !== undefined)
  const who = isNode ? names : `${names}, no node of this cluster,`
  return `${who} ${others.length > 1 ? 'answer' : 'answers'} for it in its place, as ${listed(witnesses)} ${witnesses.length > 1 ? 'find' : 'finds'}; take the address off there, and ${mend}`
}
