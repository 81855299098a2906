import { objectsOf } from '../../../src/programs/plan/objects.ts'
import type { ReadObject } from '../../../src/programs/plan/manifests.ts'
import { BadInput } from '../../../src/programs/plan/problem.ts'

/** The objects of a text. */
export function read(text: string, source = 'some.yaml'): readonly ReadObject[] {
  return objectsOf({ source, text }).objects
}

/** What is said about a text that cannot be used, line by line; nothing about one that can. */
export function complaints(text: string, source = 'some.yaml'): readonly string[] {
  try {
    objectsOf({ source, text })
    return []
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    return error.message.split('\n')
  }
}
