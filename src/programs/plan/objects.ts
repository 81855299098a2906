import { pathText } from '../../core/api/validate.ts'
import { documentsOf } from './documents.ts'
import type { ReadDocument } from './documents.ts'
import type { Flaw } from './flaws.ts'
import type { Input } from './inputs.ts'
import { fieldsOf, manifestsIn, readManifest } from './manifests.ts'
import type { Manifest, Read, ReadObject } from './manifests.ts'
import { BadInput } from './problem.ts'
import type { Problem } from './problem.ts'

/** What was read of one input. */
export interface Contents {
  readonly objects: readonly ReadObject[]
  /** The kinds of all other objects, once for each object. */
  readonly passedOver: readonly string[]
}

/** As many problems are shown of one input. */
const problemsShown = 10

/** Reads the objects of an input; throws BadInput with what is wrong with them. */
export function objectsOf(input: Input): Contents {
  const objects: ReadObject[] = []
  const passedOver: string[] = []
  const problems: Problem[] = []
  const firstLines: Lines = new Map()
  for (const placed of everyManifest(input)) {
    const read = readManifest(placed.manifest)
    if ('passedOver' in read) passedOver.push(read.passedOver)
    else if ('object' in read) objects.push(read)
    for (const flaw of flawsOf(read, placed, firstLines)) problems.push(problemAt(flaw, placed, input.source))
  }
  if (problems.length > 0) throw new BadInput(...shown(problems, input.source))
  return { objects, passedOver }
}

interface Placed {
  readonly manifest: Manifest
  readonly document: ReadDocument
}

function* everyManifest(input: Input): Iterable<Placed> {
  for (const document of documentsOf(input)) {
    for (const manifest of manifestsIn(document.value)) yield { manifest, document }
  }
}

type Lines = Map<string, () => number | undefined>

function flawsOf(read: Read, { manifest, document }: Placed, firstLines: Lines): readonly Flaw[] {
  if ('flaws' in read) return read.flaws
  if ('passedOver' in read) return []
  const first = firstLines.get(read.key)
  if (first) return [twice(first())]
  firstLines.set(read.key, document.noteLineOf(manifest.path))
  return []
}

/** Which of two versions in one file is meant, nobody can say; those of a later file are an edit. */
function twice(first: number | undefined): Flaw {
  const message = `is there twice, first in line ${first ?? '?'}; put what replaces it into a file of its own`
  return { path: [], message }
}

function problemAt(
  { path, message }: Flaw,
  { manifest: { value, path: above, typed }, document }: Placed,
  source: string,
): Problem {
  const { kind = typed?.kind, metadata } = fieldsOf(value)
  const who = [kind, fieldsOf(metadata)['name']].filter((each) => typeof each === 'string').join(' ')
  const where = [who, pathText(path, '')].filter((each) => each !== '').join(': ')
  const text = where === '' ? message : `${where}${path.length > 0 ? ': ' : ' '}${message}`
  return { source, line: document.lineOf([...above, ...path]), text }
}

function shown(problems: readonly Problem[], source: string): readonly Problem[] {
  const more = problems.length - problemsShown
  const last = more > 0 ? [{ source, text: `and ${more} more like these` }] : []
  return [...problems.slice(0, problemsShown), ...last]
}
