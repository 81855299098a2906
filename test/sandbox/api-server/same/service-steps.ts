import { service } from '../manifests.ts'
import { merge, post, type Row } from './steps.ts'

/** The Service that a row is about. */
export const one = (spec: object = {}, metadata: object = {}): object => service('web', spec, metadata)

/** A Service that is made and then patched, patch by patch. */
export const changed = (title: string, before: object, ...patches: object[]): Row => ({
  title,
  steps: [post('services', one(before)), ...patches.map((spec) => merge('services/web', { spec }))],
})
