import { apiVersion } from '../../src/core/api/group.ts'
import type { Api } from '../../src/platform/kubernetes/api.ts'
import { ApiError } from '../../src/platform/kubernetes/api-error.ts'
import { objectPath } from '../../src/platform/kubernetes/object.ts'
import type { WrongField } from './wrong-field.ts'

const plurals = { AddressPool: 'addresspools', Speaker: 'speakers' } as const
const query = { fieldValidation: 'Strict' }

/** Where the objects of the kind are. */
export function pathOf(kind: WrongField['kind'], name?: string): string {
  const group = `/apis/${apiVersion}`
  return name === undefined ? `${group}/${plurals[kind]}` : objectPath(group, plurals[kind], name)
}

/**
 * What the API server says to the object, as kubectl would send it: a status goes to `there`, an object of the kind that is
 * stored already, for a new object loses its own unread. An object that is stored fails.
 */
export async function refusalOf(
  api: Api,
  { kind, path, object }: WrongField,
  there: string,
): Promise<string> {
  const sent = path.startsWith('status')
    ? api.request('PATCH', `${pathOf(kind, there)}/status`, {
        body: [{ op: 'add', path: '/status', value: object.status }],
        contentType: 'application/json-patch+json',
        query,
      })
    : api.request('POST', pathOf(kind), { body: object, query })
  try {
    await sent
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) return error.message
    throw error
  }
  throw new Error(`it is stored: ${JSON.stringify(object).slice(0, 2000)}`)
}
