/**
 * A set of fields as managedFields spells it: `f:name` a field, `k:{…}` an item of a list told apart by keys, `v:…` an
 * item told apart by its value. A step with nothing below it is in the set; one with others below it is in the set
 * itself if `.` is among them.
 */
export interface FieldSet {
  [step: string]: FieldSet
}

export function isEmpty(set: FieldSet): boolean {
  return Object.keys(set).length === 0
}

/** Whether the place that a node stands for is in the set itself, and not only places below it. */
export function isMember(node: FieldSet | undefined): boolean {
  return node !== undefined && (isEmpty(node) || '.' in node)
}

/** Puts a place into a set. Changes the set. */
export function insert(set: FieldSet, path: readonly string[]): void {
  const [step, ...rest] = path
  if (step === undefined) return
  const node = set[step]
  if (rest.length === 0) {
    if (node === undefined) set[step] = {}
    else if (!isEmpty(node)) node['.'] = {}
    return
  }
  if (node === undefined) set[step] = {}
  else if (isEmpty(node)) node['.'] = {}
  insert((set[step] ??= {}), rest)
}

/** The steps below a node without the mark of the node itself. */
export function stepsOf(node: FieldSet): readonly (readonly [step: string, below: FieldSet])[] {
  return Object.entries(node).filter(([step]) => step !== '.')
}

/** A node with what stands below it, or nothing where it stands for no place at all. */
function nodeOf(member: boolean, below: FieldSet): FieldSet | undefined {
  if (isEmpty(below)) return member ? {} : undefined
  return member ? { '.': {}, ...below } : below
}

/** Builds a set from the places of two, by what each says of a place. */
function combine(
  left: FieldSet,
  right: FieldSet,
  keeps: (inLeft: boolean, inRight: boolean) => boolean,
): FieldSet {
  const result: FieldSet = {}
  const steps = new Set([...Object.keys(left), ...Object.keys(right)])
  for (const step of steps) {
    if (step === '.') continue
    const [one, two] = [left[step], right[step]]
    const below = combine(one ?? {}, two ?? {}, keeps)
    const node = nodeOf(keeps(isMember(one), isMember(two)), below)
    if (node !== undefined) result[step] = node
  }
  return result
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (one, two) => one || two)
}

/** What the first has and the second has not, place by place. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (one, two) => one && !two)
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (one, two) => one && two)
}

/** A set without some places and everything below them. */
export function without(set: FieldSet, paths: readonly (readonly string[])[]): FieldSet {
  return paths.reduce(withoutPath, set)
}

function withoutPath(set: FieldSet, [step, ...rest]: readonly string[]): FieldSet {
  const node = step === undefined ? undefined : set[step]
  if (step === undefined || node === undefined) return set
  const { [step]: _, ...others } = set
  const left = rest.length === 0 ? undefined : nodeOf(isMember(node), strip(withoutPath(node, rest)))
  return left === undefined ? others : { ...others, [step]: left }
}

function strip(node: FieldSet): FieldSet {
  const { '.': _, ...below } = node
  return below
}

/** Every place of a set, as a path. */
export function pathsOf(set: FieldSet, path: readonly string[] = []): readonly (readonly string[])[] {
  return stepsOf(set).flatMap(([step, below]) => {
    const here = [...path, step]
    return [...(isMember(below) ? [here] : []), ...pathsOf(below, here)]
  })
}

/** A path as people read it: `.spec.ports[port=80,protocol="TCP"].name`. */
export function pathText(path: readonly string[]): string {
  return path.map(stepText).join('')
}

function stepText(step: string): string {
  if (step.startsWith('f:')) return `.${step.slice(2)}`
  if (step.startsWith('v:')) return `[=${step.slice(2)}]`
  const keys = Object.entries(JSON.parse(step.slice(2)) as Record<string, unknown>)
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
}
