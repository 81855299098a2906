import { isMap, isSeq } from 'yaml'
import type { Input } from './inputs.ts'
import { BadInput } from './problem.ts'
import { parseYaml } from './yaml-documents.ts'

/*
 * A parser that knows where everything stands needs fifty times the size of what it reads, and the list of all
 * Services of a cluster is long. So a list in the form that kubectl writes is cut before each entry, and the pieces are
 * read one after the other. What cannot be read so is read as a whole, and so is everything that something is wrong with.
 *
 *     apiVersion: v1
 *     items:
 *     - apiVersion: v1      one piece
 *       kind: Service
 *     - apiVersion: v1      the next
 *       …
 *     kind: List
 */

/** The value of a text that is one such list; undefined for anything else. */
export function readList(text: string): object | undefined {
  const cut = cutList(text)
  if (!cut) return undefined
  try {
    const around = oneIn(cut.around)
    const items = cut.pieces.map(oneIn)
    if (typeof around !== 'object' || around === null || !items.every(isSingle)) return undefined
    return { ...around, items: items.flat() }
  } catch (error) {
    if (error instanceof BadInput) return undefined
    throw error
  }
}

interface Cut {
  /** The text with an empty list in place of the entries. */
  readonly around: string
  readonly pieces: readonly string[]
}

function cutList(text: string): Cut | undefined {
  const head = /^items:[ \t]*\r?\n(?=( *)- )/m.exec(text)
  if (!head) return undefined
  const [line, indent = ''] = head
  const start = head.index + line.length
  const behind = indent === '' ? /^[^-\s#]/m : new RegExp(`^ {0,${indent.length - 1}}[^\\s#]`, 'm')
  const rest = text.slice(start)
  const end = start + (behind.exec(rest)?.index ?? rest.length)
  const entries = text.slice(start, end).split(new RegExp(`^(?=${indent}- )`, 'm'))
  return { around: `${text.slice(0, head.index)}items: []\n${text.slice(end)}`, pieces: entries }
}

function oneIn(text: string): unknown {
  const input: Input = { source: '', text }
  const [document, ...more] = parseYaml(input).documents
  const { contents } = document ?? {}
  if (more.length > 0 || !(isMap(contents) || isSeq(contents))) return undefined
  try {
    return document?.toJS()
  } catch {
    return undefined // The whole may say why.
  }
}

function isSingle(value: unknown): value is readonly [unknown] {
  return Array.isArray(value) && value.length === 1
}
