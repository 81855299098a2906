import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { customResourceDefinitions } from '../../../src/core/api/crds.ts'
import type { Flaw } from '../../../src/programs/plan/flaws.ts'
import { readManifest } from '../../../src/programs/plan/manifests.ts'
import { wordsOn } from '../../../src/programs/plan/words.ts'
import { serverProblems } from '../../core/api/kubernetes-cel.ts'
import { mutated } from '../../core/api/mutated.ts'
import { rightPool, rightSpeaker } from '../../e2e/right-objects.ts'
import { olderPool, unsoundPools } from '../../e2e/unsound-pools.ts'
import { valueAt, type WrongField } from '../../e2e/wrong-field.ts'
import { wrongNames, wrongTypes } from '../../e2e/wrong-names.ts'
import { wrongPoolFields } from '../../e2e/wrong-pools.ts'
import { wrongSpeakerFields } from '../../e2e/wrong-speakers.ts'
import { wrongPoolStatuses, wrongSpeakerStatuses } from '../../e2e/wrong-statuses.ts'
import { linesOf, plan, pool, service } from './build.ts'
import { complaints } from './read.ts'

const tables: readonly WrongField[] = [
  ...wrongPoolFields,
  ...wrongSpeakerFields,
  ...wrongPoolStatuses,
  ...wrongSpeakerStatuses,
  ...wrongNames,
  ...wrongTypes,
]

/** A file that is right but for its second document. */
function fileOf(object: object): string {
  const text = stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---\n${text}`
}

/** What the line begins with in which the field stands; of one that is missing, that of what it should be in. */
function beginningOf(object: object, path: string): RegExp {
  const isThere = valueAt(object, path) !== undefined
  const steps = path.match(/[^.[\]]+/g) ?? []
  const step = (isThere ? steps : steps.slice(0, -1)).at(-1)
  if (step === undefined) return /^apiVersion:/
  return /^\d+$/.test(step) ? /^ *- / : new RegExp(`^[- ]*${step}:`)
}

describe('lanlord plan refuses what the API server refuses', () => {
  it.each(tables)('$path that $wrong, with file, line and field', ({ object, named }) => {
    const text = fileOf(object)
    const [first = ''] = complaints(text, 'pools.yaml')
    const [, line, words] = /^pools\.yaml:(\d+): (.*)$/.exec(first) ?? []
    expect(words).toContain(`${named.replace(/\[\d+\]$/, '')}`)
    expect(text.split('\n')[Number(line) - 1]).toMatch(beginningOf(object, named))
  })

  const some = tables.filter((_, index) => index % 80 === 0)

  it.each(some)('and ends with 2 and says nothing on stdout: $path that $wrong', ({ object, named }) => {
    const argv = [resolve('dist/lanlord.js'), 'plan', '-f', '-']
    const ended = spawnSync(process.execPath, argv, { input: fileOf(object), encoding: 'utf8' })
    expect(ended).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^stdin:\d+: /) })
    expect(ended.stderr).toContain(named)
  })
})

describe('lanlord plan tells of a pool that is stored and', () => {
  const older = pool(
    olderPool.name,
    olderPool.spec.addresses.join(),
    {},
    { creationTimestamp: '2025-01-01T00:00:00Z' },
  )
  const good = pool('good', '10.77.0.1-10.77.0.9')
  const asks = service('shop/web', { annotations: { 'lanlord.dev/pool': 'good' } })

  it.each(unsoundPools)('$wrong what its condition $type says', ({ spec, type, reason, says }) => {
    const unsound = {
      ...good,
      metadata: { name: 'unsound', creationTimestamp: '2025-06-01T00:00:00Z' },
      spec,
    }
    const result = plan([[older, unsound, { ...good }, asks]])
    const told = result.pools.find(({ name }) => name === 'unsound')
    const reasons = type === 'Ready' ? [told?.reason] : told?.remarks?.map((each) => each.reason)
    expect(reasons).toContain(reason)
    expect(
      wordsOn(result, [])
        .filter((line) => line.includes('unsound'))
        .join('\n'),
    ).toContain(says)
    expect(linesOf(result)).toEqual(['shop/web assign 10.77.0.1'])
  })
})

/**
 * Whether an API server takes it: a list for a moment, and a whole number that is too great to be counted exactly. Both
 * stand in a status only, and the controller writes that anew.
 */
function isForUsOnly({ path, message }: Flaw): boolean {
  const isMoment = ['lastTransitionTime', 'since', 'until', 'freedAt', 'seen'].includes(String(path.at(-1)))
  if (isMoment && /^\[.* is not a text$/.test(message)) return true
  return message.endsWith(`is out of bounds; write at most ${Number.MAX_SAFE_INTEGER}`)
}

describe('an object that was right until something was written into it', () => {
  const rights = { AddressPool: rightPool, Speaker: rightSpeaker }

  it.each(customResourceDefinitions())(
    'is refused by the plan and by a strict API server, or by none: $spec.names.kind',
    ({ spec }) => {
      const kind = spec.names.kind as keyof typeof rights
      const schema = spec.versions[0]?.schema.openAPIV3Schema ?? {}
      fc.assert(
        fc.property(mutated(rights[kind]), (parts) => {
          const object = { apiVersion: 'lanlord.dev/v1beta1', kind, metadata: { name: 'lab' }, ...parts }
          const read = readManifest({ value: JSON.parse(JSON.stringify(object)), path: [] })
          const flaws = 'flaws' in read ? read.flaws : []
          const theirs = serverProblems(schema, object, true)
          const ours = theirs.length > 0 ? flaws : flaws.filter((flaw) => !isForUsOnly(flaw))
          expect([ours.length > 0, ours, theirs]).toEqual([theirs.length > 0, ours, theirs])
        }),
        { numRuns: 1500 },
      )
    },
  )
})
