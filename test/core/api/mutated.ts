import fc from 'fast-check'
import { objectWith, valueAt } from '../../e2e/wrong-field.ts'
import { entryRows } from './address-entries.ts'

const ends = ['fd00::9-fd00::1', ...entryRows.map(({ text }) => text)]
const numbers = [0, -1, 0.5, 2 ** 31, 2 ** 48, 2 ** 53, 1e300]
const names = ['', 'In', 'Exists', 'Manual', 'Auto', '30m', 'shop', 'eth*', '__proto__', 'constructor']

const value = fc.oneof(
  fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }) as fc.Arbitrary<unknown>,
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(...ends, ...numbers, ...names, null, undefined, [], {}, [{}], [null], ['']),
)

/** Every place of an object: fields, entries, and a field beside each of them. */
function placesIn(object: object, path = ''): readonly string[] {
  return Object.entries(object).flatMap(([name, inner]: [string, unknown]) => {
    const place = Array.isArray(object) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    const inside = typeof inner === 'object' && inner !== null ? placesIn(inner, place) : []
    return [place, `${place}x`, ...inside]
  })
}

/** Another value than the one that was there. */
type Change = (before: unknown) => unknown

/** One character more in a text: one that is meant to be there, or one that only looks so. */
const slip: fc.Arbitrary<Change> = fc
  .tuple(fc.constantFrom(...Array.from(' \t\n\v\0\u0085\u00A0\u200B\uFEFF-–/%:.,09１aAа_*😀')), fc.nat())
  .map(([character, nat]) => (before) => {
    if (typeof before !== 'string') return before
    const at = nat % (before.length + 1)
    return before.slice(0, at) + character + before.slice(at)
  })

const change: fc.Arbitrary<Change> = fc.oneof(
  slip,
  value.map((to) => () => to),
)

/** The object with one or two of its fields written wrongly, or replaced by anything. */
export function mutated(object: object): fc.Arbitrary<object> {
  const [texts, others] = [true, false].map((isText) =>
    placesIn(object).filter((path) => (typeof valueAt(object, path) === 'string') === isText),
  )
  const place = fc.oneof(fc.constantFrom(...(texts ?? [])), fc.constantFrom(...(others ?? [])))
  return fc.array(fc.tuple(place, change), { minLength: 1, maxLength: 2 }).map((changes) =>
    changes.reduce((changed, [path, to]) => {
      // The place may have gone with the change before.
      try {
        return objectWith(changed, path, to(valueAt(changed, path)))
      } catch {
        return changed
      }
    }, object),
  )
}

/** Whether only we can see it: Kubernetes cannot order addresses of 128 bits. */
export function isForUsOnly(message: string): boolean {
  return /^"[^".]*:.*" ends before it begins/.test(message)
}
