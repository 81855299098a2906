import { isObject, type KubeObject, textOf } from '../object.ts'
import type { Strategy } from '../resource-type.ts'

/** What was sent as text is kept as base64 with the rest. */
function fillIn(draft: KubeObject): void {
  draft['type'] ??= 'Opaque'
  const { stringData, data } = draft
  delete draft['stringData']
  if (!isObject(stringData)) return
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(textOf(text)).toString('base64'),
  ])
  draft['data'] = { ...(isObject(data) ? data : {}), ...Object.fromEntries(encoded) }
}

export const secretStrategy: Strategy = { fillIn }
