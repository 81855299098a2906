import type { FieldProblem } from '../failure.ts'
import { equal, isObject, type JsonObject, type KubeObject, valueAt } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { fillIn, podDefaults } from './pod-defaults.ts'
import {
  countProblems,
  daemonStrategyProblems,
  deadlineProblems,
  deploymentStrategyProblems,
  selectorProblems,
  templateProblems,
  unmovedSelector,
} from './workload-rules.ts'

function filler(kindDefaults: JsonObject): (draft: KubeObject) => void {
  return (draft) => {
    const spec = (draft.spec ??= {})
    fillIn(spec, kindDefaults)
    const pod = valueAt(spec, ['template', 'spec'])
    if (isObject(pod)) podDefaults(pod)
  }
}

const fillInSpec = filler({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })

function fillInDeployment(draft: KubeObject): void {
  fillInSpec(draft)
  const strategy = strategyIn(draft, 'strategy')
  if (strategy['type'] !== 'RollingUpdate') return
  const rolling = isObject(strategy['rollingUpdate']) ? strategy['rollingUpdate'] : {}
  strategy['rollingUpdate'] = { maxUnavailable: '25%', maxSurge: '25%', ...rolling }
}

/** A workload's way of replacing Pods; it rolls where it does not say how. */
function strategyIn(draft: KubeObject, field: string): JsonObject {
  const spec = (draft.spec ??= {})
  const strategy: JsonObject = isObject(spec[field]) ? spec[field] : {}
  strategy['type'] ||= 'RollingUpdate'
  spec[field] = strategy
  return strategy
}

function deploymentProblems(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const spec = draft.spec ?? {}
  return [
    ...countProblems(spec, 'replicas'),
    ...selectorProblems(spec, 'deployment'),
    ...templateProblems(spec),
    ...deploymentStrategyProblems(spec),
    ...countProblems(spec, 'minReadySeconds'),
    ...countProblems(spec, 'revisionHistoryLimit'),
    ...deadlineProblems(spec),
    ...unmovedSelector(draft, old),
  ]
}

export const deploymentStrategy: Strategy = { fillIn: fillInDeployment, validate: deploymentProblems }

function replicaSetProblems(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const spec = draft.spec ?? {}
  return [
    ...countProblems(spec, 'replicas'),
    ...countProblems(spec, 'minReadySeconds'),
    ...selectorProblems(spec, 'deployment'),
    ...templateProblems(spec),
    ...unmovedSelector(draft, old),
  ]
}

export const replicaSetStrategy: Strategy = { fillIn: filler({ replicas: 1 }), validate: replicaSetProblems }

const templateCount = 'deprecated.daemonset.template.generation'
const fillInDaemonSpec = filler({ revisionHistoryLimit: 10 })

function fillInDaemonSet(draft: KubeObject): void {
  draft.metadata.annotations = { [templateCount]: '0', ...draft.metadata.annotations }
  fillInDaemonSpec(draft)
  const strategy = strategyIn(draft, 'updateStrategy')
  if (strategy['type'] !== 'RollingUpdate') return
  const rolling = isObject(strategy['rollingUpdate']) ? strategy['rollingUpdate'] : {}
  strategy['rollingUpdate'] = { maxUnavailable: 1, maxSurge: 0, ...rolling }
}

/** Counts the templates that there were, in an annotation, as ever since the first DaemonSets. */
function prepareDaemonSet(draft: KubeObject, old: KubeObject | undefined): void {
  const before = Number(old?.metadata.annotations?.[templateCount] ?? 0)
  const isSame = old !== undefined && equal(draft.spec?.['template'], old.spec?.['template'])
  const { metadata } = draft
  metadata.annotations = { ...metadata.annotations, [templateCount]: String(isSame ? before : before + 1) }
}

function daemonSetProblems(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const spec = draft.spec ?? {}
  return [
    ...unmovedSelector(draft, old),
    ...selectorProblems(spec, 'daemonset'),
    ...templateProblems(spec),
    ...countProblems(spec, 'minReadySeconds'),
    ...daemonStrategyProblems(spec),
    ...countProblems(spec, 'revisionHistoryLimit'),
  ]
}

export const daemonSetStrategy: Strategy = {
  fillIn: fillInDaemonSet,
  prepare: prepareDaemonSet,
  validate: daemonSetProblems,
}
