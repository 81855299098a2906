import { type FieldProblem, forbidden, invalidValue, unsupported } from '../failure.ts'
import { equal, type JsonObject, type KubeObject, textOf } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { cidrProblems } from '../rules/addresses.ts'
import { labelValue, qualifiedName } from '../rules/names.ts'
import { objectsOf } from './pod-defaults.ts'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** The old way of naming the ranges of a node's Pods is the first of the new one. */
function fillIn(draft: KubeObject): void {
  const spec = (draft.spec ??= {})
  const { podCIDR, podCIDRs } = spec
  if (podCIDR !== undefined && podCIDRs === undefined) spec['podCIDRs'] = [podCIDR]
  if (podCIDR === undefined && Array.isArray(podCIDRs) && podCIDRs[0] !== undefined) {
    spec['podCIDR'] = podCIDRs[0]
  }
}

function validate({ spec = {} }: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const fresh = old === undefined ? rangeProblems(spec) : changeProblems(spec, old.spec ?? {})
  const taints = taintProblems(objectsOf(spec['taints']))
  // An update is checked as a new node first, and then as the change that it is.
  return old === undefined ? [...taints, ...fresh] : [...taints, ...fresh, ...taints]
}

function rangeProblems({ podCIDRs }: JsonObject): readonly FieldProblem[] {
  const ranges = Array.isArray(podCIDRs) ? podCIDRs.map(textOf) : []
  return ranges.flatMap((range, index) =>
    cidrProblems(range).map((why) => invalidValue(`spec.podCIDRs[${index}]`, range, why)),
  )
}

function changeProblems(spec: JsonObject, old: JsonObject): readonly FieldProblem[] {
  const fixed = (field: string, what: string): readonly FieldProblem[] => {
    const before = old[field]
    const isSet = before !== undefined && before !== ''
    if (!isSet || equal(before, spec[field])) return []
    return [forbidden(`spec.${field}`, `node updates may not change ${what} except from "" to valid`)]
  }
  return [...fixed('podCIDRs', 'podCIDR'), ...fixed('providerID', 'providerID')]
}

function taintProblems(taints: readonly JsonObject[]): readonly FieldProblem[] {
  const seen = new Set<string>()
  return taints.flatMap((taint, index) => {
    const at = `metadata.taints[${index}]`
    const [key, value, effect] = ['key', 'value', 'effect'].map((field) => textOf(taint[field] ?? ''))
    const identity = `${key} ${effect}`
    const repeated = seen.has(identity) ? [duplicateTaint(at, taint)] : []
    seen.add(identity)
    return [
      ...qualifiedName(key ?? '').map((why) => invalidValue(`${at}.key`, key, why)),
      ...labelValue(value ?? '').map((why) => invalidValue(`${at}.value`, value, why)),
      ...(effects.includes(effect ?? '') ? [] : [unsupported(`${at}.effect`, effect, effects)]),
      ...repeated,
    ]
  })
}

function duplicateTaint(field: string, { key, value, effect, timeAdded }: JsonObject): FieldProblem {
  const shown = { Key: key, Value: value ?? '', Effect: effect, TimeAdded: timeAdded ?? null }
  const message = `Duplicate value: ${JSON.stringify(shown)}: taints must be unique by key and effect pair`
  return { field, reason: 'FieldValueDuplicate', message }
}

export const nodeStrategy: Strategy = { fillIn, validate }
