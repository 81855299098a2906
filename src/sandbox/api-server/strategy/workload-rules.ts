import { type FieldProblem, forbidden, invalidValue, required, unsupported } from '../failure.ts'
import { equal, isObject, type Json, type JsonObject, type KubeObject, textOf, valueAt } from '../object.ts'
import { labelProblems } from '../rules/labels.ts'
import { matchesSelector } from '../selector/label-selector.ts'
import { podSpecProblems } from './pod-rules.ts'

type Labels = Record<string, string>

/** A count that may not be below nothing. */
export function countProblems(spec: JsonObject, field: string): readonly FieldProblem[] {
  const value = spec[field]
  if (typeof value !== 'number' || value >= 0) return []
  return [invalidValue(`spec.${field}`, value, 'must be greater than or equal to 0')]
}

/** The selector must choose the Pods that the template makes. */
export function selectorProblems(
  spec: JsonObject,
  kind: 'deployment' | 'daemonset',
): readonly FieldProblem[] {
  const { selector } = spec
  const missing = kind === 'deployment' && !isObject(selector) ? [required('spec.selector')] : []
  const chosen = isObject(selector) ? selector : {}
  const isEmpty = isObject(selector) && Object.keys(selector).length === 0
  return [
    ...missing,
    ...labelProblems(chosen['matchLabels'] as Labels | undefined, 'spec.selector.matchLabels'),
    ...(isEmpty ? [invalidValue('spec.selector', {}, `empty selector is invalid for ${kind}`)] : []),
  ]
}

export function templateProblems(spec: JsonObject): readonly FieldProblem[] {
  const labels = valueAt(spec, ['template', 'metadata', 'labels']) as Labels | undefined
  const { selector } = spec
  const isEmpty = isObject(selector) && Object.keys(selector).length === 0
  const why = '`selector` does not match template `labels`'
  const field = 'spec.template.metadata.labels'
  const matches = isEmpty || (isObject(selector) && matchesSelector(selector, labels ?? {}))
  const pod = valueAt(spec, ['template', 'spec'])
  const podSpec = isObject(pod) ? pod : {}
  const { restartPolicy } = podSpec
  return [
    ...(matches ? [] : [invalidValue(field, labels ?? null, why)]),
    ...labelProblems(labels, 'spec.template.labels'),
    ...podSpecProblems(podSpec, 'spec.template.spec'),
    ...(restartPolicy === undefined || restartPolicy === 'Always'
      ? []
      : [unsupported('spec.template.spec.restartPolicy', restartPolicy, ['Always'])]),
  ]
}

/** A map is shown by its keys in order. */
function inOrder(selector: Json | undefined): Json | undefined {
  if (!isObject(selector) || !isObject(selector['matchLabels'])) return selector
  const pairs = Object.entries(selector['matchLabels']).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return { ...selector, matchLabels: Object.fromEntries(pairs) }
}

/** Which Pods are a workload's own is decided once. */
export function unmovedSelector(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const [now, then] = [draft.spec?.['selector'], old?.spec?.['selector']]
  if (old === undefined || equal(now, then)) return []
  return [invalidValue('spec.selector', inOrder(now) ?? null, 'field is immutable')]
}

function strategyOf(spec: JsonObject, field: string): JsonObject {
  const strategy = spec[field]
  return isObject(strategy) ? strategy : {}
}

function amountOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.parseInt(textOf(value ?? 0), 10) || 0
}

function rollingOf(strategy: JsonObject): JsonObject | undefined {
  return isObject(strategy['rollingUpdate']) ? strategy['rollingUpdate'] : undefined
}

function inGo({ type, rollingUpdate }: JsonObject): object {
  return { Type: type, RollingUpdate: rollingUpdate ?? null }
}

export function deploymentStrategyProblems(spec: JsonObject): readonly FieldProblem[] {
  const strategy = strategyOf(spec, 'strategy')
  const rolling = rollingOf(strategy)
  if (strategy['type'] === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'"
    return rolling === undefined ? [] : [forbidden('spec.strategy.rollingUpdate', why)]
  }
  if (strategy['type'] !== 'RollingUpdate') {
    return [unsupported('spec.strategy', inGo(strategy), ['Recreate', 'RollingUpdate'])]
  }
  const { maxSurge, maxUnavailable } = rolling ?? {}
  if (amountOf(maxSurge) !== 0 || amountOf(maxUnavailable) !== 0) return []
  const field = 'spec.strategy.rollingUpdate.maxUnavailable'
  return [invalidValue(field, maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
}

export function daemonStrategyProblems(spec: JsonObject): readonly FieldProblem[] {
  const strategy = strategyOf(spec, 'updateStrategy')
  if (strategy['type'] === 'OnDelete') return []
  if (strategy['type'] !== 'RollingUpdate') {
    return [unsupported('spec.updateStrategy', inGo(strategy), ['RollingUpdate', 'OnDelete'])]
  }
  const { maxSurge, maxUnavailable } = rollingOf(strategy) ?? {}
  const [surge, unavailable] = [amountOf(maxSurge), amountOf(maxUnavailable)]
  const path = 'spec.updateStrategy.rollingUpdate'
  if (surge !== 0 && unavailable !== 0) {
    return [invalidValue(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')]
  }
  return surge === 0 && unavailable === 0
    ? [required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]
    : []
}

export function deadlineProblems(spec: JsonObject): readonly FieldProblem[] {
  const { progressDeadlineSeconds, minReadySeconds = 0 } = spec
  const low =
    typeof progressDeadlineSeconds === 'number' && progressDeadlineSeconds <= Number(minReadySeconds)
  const field = 'spec.progressDeadlineSeconds'
  const why = 'must be greater than minReadySeconds'
  return [
    ...countProblems(spec, 'progressDeadlineSeconds'),
    ...(low ? [invalidValue(field, progressDeadlineSeconds, why)] : []),
  ]
}
