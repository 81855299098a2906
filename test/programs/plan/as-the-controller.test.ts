import fc from 'fast-check'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { begin } from '../../../src/core/allocation/allocation.ts'
import { claimOf } from '../../../src/core/allocation/claim-of.ts'
import { noCompatibility } from '../../../src/core/allocation/compatibility.ts'
import { heldAfter } from '../../../src/core/allocation/decision.ts'
import { readService } from '../../../src/core/allocation/service.ts'
import type { ServiceObject } from '../../../src/core/allocation/service.ts'
import { allocatedVerdict } from '../../../src/core/allocation/standing.ts'
import { addressPoolSpec } from '../../../src/core/api/address-pool.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { compareAge, settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { poolOf } from '../../../src/core/pool/pool.ts'
import { readList } from '../../../src/programs/plan/list-pieces.ts'
import { forecast } from '../../../src/programs/plan/forecast.ts'
import { parseYaml } from '../../../src/programs/plan/yaml-documents.ts'
import { now, pool, service } from './build.ts'
import { read } from './read.ts'

const second = fc.integer({ min: 0, max: 3 }).map((at) => `2025-01-01T00:00:0${at}Z`)
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.5', '10.1.0.1', 'fd00::1')
const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })

const spec = fc.record(
  {
    autoAssign: fc.boolean(),
    disabled: fc.boolean(),
    priority: fc.integer({ min: 0, max: 1 }),
    namespaces: fc.constantFrom(['a'], ['b'], []),
    quota: fc.constant({ perNamespace: 1 }),
    exclude: fc.constant(['10.0.0.1']),
  },
  { requiredKeys: [] },
)

const addresses = fc.constantFrom(
  '10.0.0.1',
  '10.0.0.1-10.0.0.3',
  '10.0.0.0/29,fd00::/126',
  '10.1.0.1,fd00::1',
)

const pools = fc
  .array(fc.tuple(addresses, spec, second), { maxLength: 3 })
  .map((all) =>
    all.map(([entries, more, creationTimestamp], at) =>
      pool(`pool-${at}`, entries, more, { creationTimestamp }),
    ),
  )

const annotations = fc.record(
  {
    'lanlord.dev/pool': fc.constantFrom('pool-0', 'pool-7'),
    'lanlord.dev/addresses': fc.oneof(address, fc.constant('none')),
    'lanlord.dev/sharing-key': fc.constant('key'),
  },
  { requiredKeys: [] },
)

const families = fc.constantFrom(
  { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
  { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' },
  { ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'RequireDualStack' },
)

const services = fc
  .array(
    fc.record({
      namespace: fc.constantFrom('a', 'b'),
      annotations,
      createdAt: second,
      holds: sometimes(address),
      spec: fc
        .tuple(families, fc.integer({ min: 80, max: 81 }))
        .map(([both, port]) => ({ ...both, ports: [{ port }] })),
    }),
    { maxLength: 8 },
  )
  .map((all) => all.map(({ namespace, ...parts }, at) => service(`${namespace}/web-${at}`, parts)))

/** The forms in which people have their objects. */
const written: readonly ((objects: readonly object[]) => string)[] = [
  (items) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, undefined, 2),
  (items) =>
    stringify({ apiVersion: 'v1', items, kind: 'List' }, { aliasDuplicateObjects: false, indentSeq: false }),
  (items) => stringify({ apiVersion: 'v1', items, kind: 'List' }, { aliasDuplicateObjects: false }),
  (items) => items.map((each) => stringify(each)).join('---\n'),
]

interface PoolManifest {
  readonly metadata: { readonly name: string; readonly creationTimestamp: string }
  readonly spec: unknown
}

/** What the allocator decides, read without any of the plan's own code. */
function decided(poolManifests: readonly object[], serviceManifests: readonly object[]): readonly unknown[] {
  const aged = (poolManifests as readonly PoolManifest[]).map(
    ({ metadata: { name, creationTimestamp }, spec: text }) => {
      const age = { createdAt: creationTimestamp, wasReady: false, version: 0, name, isLeaving: false }
      return { age, pool: poolOf(name, addressPoolSpec.parse(text)) }
    },
  )
  const inOrder = aged.toSorted((a, b) => compareAge(a.age, b.age)).map((each) => each.pool)
  const facts = serviceManifests.map((each) => readService(each as ServiceObject))
  const surroundings = { arrival: 0, classLess: true }
  const claims = facts.map((each) => {
    return claimOf(each, {
      ...surroundings,
      namespaceLabels: { 'kubernetes.io/metadata.name': each.namespace },
    })
  })
  const { decisions } = begin(settleOverlaps(inOrder), claims, [], now)
  return facts.map(({ key, remarks, conditions }) => {
    const decision = decisions.get(key) ?? { kind: 'release' }
    const verdict = allocatedVerdict(decision, remarks, conditions)
    const pool = decision.kind === 'release' ? null : (decision.pool ?? null)
    const { reason, message } = verdict ?? {}
    return { key, addresses: heldAfter(decision).map(formatAddress), pool, reason, message }
  })
}

it('a plan is what the allocator decides, whatever the cluster and however it is written down', () => {
  const property = fc.property(pools, services, fc.constantFrom(...written), (some, others, write) => {
    const objects = [...some, ...others]
    const files = objects.length > 0 ? [read(write(objects))] : []
    const found = forecast(files, { now, classLess: true, compatibility: noCompatibility })
    const said = found.services.map(({ namespace, name, addresses: has, pool: from, reason, message }) => {
      return { key: `${namespace}/${name}`, addresses: has, pool: from, reason, message }
    })
    expect(said).toEqual(decided(some, others))
  })
  fc.assert(property, { numRuns: 500 })
})

it('of a decision it says keep only where all of it stands in the status already', () => {
  const property = fc.property(pools, services, (some, others) => {
    const found = forecast(
      [read(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...some, ...others] }))],
      {
        now,
        classLess: true,
        compatibility: noCompatibility,
      },
    )
    found.services.forEach(({ decision, addresses: has }, at) => {
      const stands = readService(others[at] as ServiceObject).ingress.map(({ ip }) => ip)
      if (decision === 'keep' || decision === 'assign') {
        expect(decision).toBe(has.every((each) => stands.includes(each)) ? 'keep' : 'assign')
        expect(has).not.toEqual([])
      }
    })
  })
  fc.assert(property, { numRuns: 200 })
})

it('an edit that says the same again changes nothing, and says so', () => {
  const property = fc.property(pools, services, (some, others) => {
    const file = read(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...some, ...others] }))
    const options = { now, classLess: true, compatibility: noCompatibility }
    const once = forecast([file], options)
    const again = forecast([file, file], options)
    expect(again.services).toEqual(once.services)
    expect(again.pools).toEqual(once.pools)
  })
  fc.assert(property, { numRuns: 200 })
})

it('a list is the same whether it is read in one or in pieces, and what cannot be read in one is not read in pieces', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('- a\n- b', '---', 'items:\n- x', '# no\n', 'a: b\n\n'))
  const key = fc.oneof({ weight: 9, arbitrary: fc.string({ minLength: 1 }) }, fc.constant('<<'))
  const value = fc.dictionary(key, fc.oneof(text, fc.array(text), fc.dictionary(text, text)), { maxKeys: 3 })
  const property = fc.property(
    fc.array(value, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    (items, indentSeq) => {
      const list = { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
      const asText = stringify(list, { aliasDuplicateObjects: false, indentSeq })
      expect(readList(asText)).toEqual(readWhole(asText))
    },
  )
  fc.assert(property, { numRuns: 500, examples: [[[{ labels: { '<<': '' } }, {}], false]] })
})

/** Undefined where the text cannot be read: a merge key stands for what it names, and must name a map. */
function readWhole(text: string): unknown {
  const [whole] = parseYaml({ source: '', text }).documents
  try {
    return whole?.toJS()
  } catch {
    return undefined
  }
}
