import { isObject, type Json, type JsonObject } from '../object.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'
import { fieldsIn, relationOf, stepOfItem } from './shape.ts'

/** The live value with everything that is wanted put in. */
export function overlay(schema: Schema | undefined, live: Json | undefined, wanted: Json): Json {
  const relation = relationOf(schema, wanted)
  if (relation === 'fields' && isObject(wanted)) {
    const result: JsonObject = isObject(live) ? { ...live } : {}
    for (const [field, value] of fieldsIn(wanted)) {
      result[field] = overlay(schemaOfField(schema, field), result[field], value)
    }
    return result
  }
  if (relation === 'items' && Array.isArray(wanted)) {
    return overlayItems(schema, Array.isArray(live) ? live : [], wanted)
  }
  return wanted
}

/** Items keep the order in which they are wanted; those that are live alone keep their places between. */
function overlayItems(schema: Schema | undefined, live: readonly Json[], wanted: readonly Json[]): Json[] {
  const steps = (list: readonly Json[]): readonly string[] => list.map((item) => stepOfItem(schema, item))
  const [before, after] = [steps(live), steps(wanted)]
  const isWanted = new Set(after)
  const shared = after.filter((step) => before.includes(step))
  const result: Json[] = []
  let place = 0
  const takeLive = (until: string | undefined): void => {
    for (; place < live.length && before[place] !== until; place++) {
      const item = live[place]
      if (item !== undefined && !isWanted.has(before[place] ?? '')) result.push(item)
    }
  }
  after.forEach((step, index) => {
    takeLive(shared.find((one) => after.indexOf(one) >= index))
    const known = before.indexOf(step)
    result.push(overlay(schema?.items, known < 0 ? undefined : live[known], wanted[index] ?? null))
    if (step === before[place]) place++
  })
  takeLive(undefined)
  return result
}
