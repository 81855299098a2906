import { equal, isObject, type Json } from '../object.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'
import { type FieldSet, insert } from './field-set.ts'
import { isBare, itemsIn, relationOf } from './shape.ts'

/** Which fields came, changed and went between two versions of an object. */
export interface Comparison {
  readonly added: FieldSet
  readonly modified: FieldSet
  readonly removed: FieldSet
}

export function compare(schema: Schema | undefined, old: Json, fresh: Json): Comparison {
  const comparison: Comparison = { added: {}, modified: {}, removed: {} }
  new Walk(comparison).value(schema, [], old, fresh)
  return comparison
}

type Maybe = Json | undefined

class Walk {
  readonly #found: Comparison

  constructor(found: Comparison) {
    this.#found = found
  }

  value(schema: Schema | undefined, path: readonly string[], old: Maybe, fresh: Maybe): void {
    const bare = isBare(old) && isBare(fresh)
    const relation = bare ? 'leaf' : relationOf(schema, isBare(fresh) ? (old ?? fresh) : fresh)
    if (relation === 'leaf') return this.#leaf(path, old, fresh)
    if (relation === 'fields') this.#fields(schema, path, old, fresh)
    else this.#items(schema, path, old, fresh)
    if (old === undefined) insert(this.#found.added, path)
    else if (fresh === undefined) insert(this.#found.removed, path)
  }

  #leaf(path: readonly string[], old: Maybe, fresh: Maybe): void {
    if (old === undefined) {
      if (fresh !== undefined) insert(this.#found.added, path)
    } else if (fresh === undefined) insert(this.#found.removed, path)
    else if (!equal(old, fresh)) insert(this.#found.modified, path)
  }

  #fields(schema: Schema | undefined, path: readonly string[], old: Maybe, fresh: Maybe): void {
    const [before, after] = [isObject(old) ? old : {}, isObject(fresh) ? fresh : {}]
    for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (before[field] === undefined && after[field] === undefined) continue
      this.value(schemaOfField(schema, field), [...path, `f:${field}`], before[field], after[field])
    }
  }

  #items(schema: Schema | undefined, path: readonly string[], old: Maybe, fresh: Maybe): void {
    const before = itemsIn(schema, Array.isArray(old) ? old : [])
    const after = itemsIn(schema, Array.isArray(fresh) ? fresh : [])
    for (const step of new Set([...before.keys(), ...after.keys()])) {
      this.#item(schema, [...path, step], before.get(step) ?? [], after.get(step) ?? [])
    }
  }

  #item(schema: Schema | undefined, path: readonly string[], before: Json[], after: Json[]): void {
    const repeats = before.length > 1 || after.length > 1
    if (repeats) this.#repeated(schema?.items, path, before, after)
    else this.value(schema?.items, path, before[0], after[0])
  }

  /** Items that repeat are owned together, as one. */
  #repeated(schema: Schema | undefined, path: readonly string[], before: Json[], after: Json[]): void {
    if (before.length > 1 && after.length > 1) {
      if (!equal(before, after)) insert(this.#found.modified, path)
    } else if (before.length > 1) {
      if (after.length > 0) this.value(schema, path, undefined, after[0])
      insert(this.#found.removed, path)
    } else {
      if (before.length > 0) this.value(schema, path, before[0], undefined)
      insert(this.#found.added, path)
    }
  }
}
