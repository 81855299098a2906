/** What is to happen, in order of time; of what falls together, what was noted first comes first. */
export interface Agenda {
  readonly entries: Entry[]
  noted: number
}

interface Entry {
  readonly at: number
  readonly order: number
  readonly happen: () => void
}

export function emptyAgenda(): Agenda {
  return { entries: [], noted: 0 }
}

/** When the next thing happens; Infinity when nothing will. */
export function nextAt({ entries }: Agenda): number {
  return entries[0]?.at ?? Infinity
}

export function note(agenda: Agenda, at: number, happen: () => void): void {
  const { entries } = agenda
  const entry = { at, order: agenda.noted++, happen }
  let hole = entries.length
  while (hole > 0) {
    const parent = (hole - 1) >> 1
    if (!precedes(entry, entries[parent] as Entry)) break
    entries[hole] = entries[parent] as Entry
    hole = parent
  }
  entries[hole] = entry
}

/** Takes the next thing off the agenda, which must not be empty. */
export function takeNext({ entries }: Agenda): () => void {
  const first = entries[0] as Entry
  const last = entries.pop() as Entry
  if (entries.length > 0) sink(entries, last)
  return first.happen
}

function sink(entries: Entry[], entry: Entry): void {
  let hole = 0
  for (;;) {
    const left = 2 * hole + 1
    if (left >= entries.length) break
    const right = left + 1
    const isRight = right < entries.length && precedes(entries[right] as Entry, entries[left] as Entry)
    const child = isRight ? right : left
    if (!precedes(entries[child] as Entry, entry)) break
    entries[hole] = entries[child] as Entry
    hole = child
  }
  entries[hole] = entry
}

function precedes(a: Entry, b: Entry): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at
}
