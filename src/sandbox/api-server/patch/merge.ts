import { isObject, type Json, type JsonObject } from '../object.ts'

/** JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. Changes the target. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const merged: JsonObject = isObject(target) ? target : {}
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete merged[field]
    else if (value !== undefined) merged[field] = mergePatch(merged[field], value)
  }
  return merged
}
