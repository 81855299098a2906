import type { Remark, RemarkReason } from '../allocation/remark.ts'
import type { LabelSelector } from '../api/label-selector.ts'
import { formatRange, overlaps, parseRange, subtract } from '../ip/range.ts'
import type { Range } from '../ip/range.ts'
import { impossibilityOf } from './impossible.ts'
import type { Pool } from './pool.ts'

const namedAtMost = 3

/** Remarks on what a pool says by itself, whatever the LAN is like; none while its addresses cannot all be read. */
export function slipsIn(pool: Pool): readonly Remark[] {
  if (pool.state.reason === 'InvalidAddresses' || pool.state.reason === 'InvalidSpec') return []
  return looks.flatMap(({ reason, look }) => {
    const found = look(pool)
    const more = found.length > namedAtMost ? [`and ${found.length - namedAtMost} more like these`] : []
    return found.length > 0 ? [{ reason, message: [...found.slice(0, namedAtMost), ...more].join(', ') }] : []
  })
}

const looks: readonly { readonly reason: RemarkReason; readonly look: (pool: Pool) => readonly string[] }[] =
  [
    { reason: 'SpecialAddress', look: specialAddresses },
    { reason: 'RepeatedEntry', look: repeatedEntries },
    { reason: 'ExcludesNothing', look: idleExclusions },
    { reason: 'GivesNothing', look: nothingLeft },
    { reason: 'AdmitsNobody', look: emptyLists },
    { reason: 'MatchesNothing', look: impossibleMatches },
  ]

/** What no host of a LAN can have, and why. */
const special: readonly (readonly [range: Range, words: string])[] = (
  [
    ['0.0.0.0/8', 'stands for no host (RFC 1122)'],
    ['127.0.0.0/8', 'is every node’s own (loopback)'],
    ['169.254.0.0/16', 'is link-local, and never routed (RFC 3927)'],
    ['224.0.0.0/4', 'is multicast'],
    ['240.0.0.0/4', 'is reserved (RFC 1112)'],
    ['::/128', 'stands for no host'],
    ['::1/128', 'is every node’s own (loopback)'],
    ['fe80::/10', 'is link-local, and reached only with a zone (RFC 4291)'],
    ['ff00::/8', 'is multicast'],
  ] as const
).flatMap(([text, words]) => {
  const read = parseRange(text)
  return 'range' in read ? [[read.range, words] as const] : []
})

function specialAddresses({ entries, exclude }: Pool): readonly string[] {
  return special.flatMap(([range, words]) => {
    const left = exclude.reduce<readonly Range[]>(
      (pieces, cut) => pieces.flatMap((each) => subtract(each, cut)),
      [range],
    )
    const entry = entries.find((each) => left.some((piece) => overlaps(each, piece)))
    if (!entry) return []
    const shown = formatRange(entry)
    const isInside = subtract(entry, range).length === 0
    return [
      isInside
        ? `${shown} ${words}; take it out of spec.addresses`
        : partly(shown, formatRange(range), words),
    ]
  })
}

function partly(entry: string, range: string, words: string): string {
  return `${entry} holds addresses of ${range}, which ${words}; list less, or add ${range} to spec.exclude`
}

/** Entries that add nothing. One that comes before a greater one says what is given out first. */
function repeatedEntries({ entries }: Pool): readonly string[] {
  return entries.flatMap((entry, index) => {
    const first = entries.slice(0, index).find((each) => subtract(entry, each).length === 0)
    const same =
      first && formatRange(first) === formatRange(entry) ? 'an entry before it' : first && formatRange(first)
    return same ? [`${formatRange(entry)} in spec.addresses is listed by ${same} already; take it out`] : []
  })
}

function idleExclusions({ entries, exclude }: Pool): readonly string[] {
  const idle = exclude.filter((cut) => !entries.some((entry) => overlaps(entry, cut)))
  return idle.map((cut) => {
    return `${formatRange(cut)} in spec.exclude is not among spec.addresses; take it out, or write the one that was meant`
  })
}

function nothingLeft({ lines, onRequest, exclude }: Pool): readonly string[] {
  const isAsked = onRequest.some((range) => !exclude.some((cut) => overlaps(range, cut)))
  if (lines.IPv4.total + lines.IPv6.total > 0n || isAsked) return []
  const cause = exclude.length > 0 ? 'spec.exclude' : 'spec.avoidBuggyIPs'
  return [`${cause} leaves none of its addresses to give out; list more of them, or leave out fewer`]
}

function emptyLists({ namespaces, namespaceSelectors, serviceSelectors }: Pool): readonly string[] {
  const lists = [namespaces, namespaceSelectors].filter((list) => list !== undefined)
  const isClosed = lists.length > 0 && lists.every((list) => list.length === 0)
  const field = namespaces ? 'namespaces' : 'namespaceSelectors'
  return [
    ...(isClosed ? [lettingNobodyIn(field, 'namespace')] : []),
    ...(serviceSelectors?.length === 0 ? [lettingNobodyIn('serviceSelectors', 'Service')] : []),
  ]
}

function lettingNobodyIn(field: string, whose: string): string {
  return `spec.${field} is empty, and so lets no ${whose} in; leave it out to let all of them in, or say which`
}

function impossibleMatches(pool: Pool): readonly string[] {
  const { interfaces, nodeSelectors } = pool.announce
  return [
    ...impossible('spec.namespaceSelectors', pool.namespaceSelectors),
    ...impossible('spec.serviceSelectors', pool.serviceSelectors),
    ...impossible('spec.l2.nodeSelectors', nodeSelectors),
    ...interfaces.flatMap((text, index) => {
      if (text.replaceAll('*', '').length <= longestName) return []
      return [
        `spec.l2.interfaces[${index}] matches nothing: ${text} is longer than the name of an interface can be`,
      ]
    }),
  ]
}

/** IFNAMSIZ less the NUL at its end. */
const longestName = 15

function impossible(path: string, selectors: readonly LabelSelector[] = []): readonly string[] {
  return selectors.flatMap((selector, index) => {
    const why = impossibilityOf(selector)
    return why === undefined ? [] : [`${path}[${index}] matches nothing: ${why}; correct it or take it out`]
  })
}
