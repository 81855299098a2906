import type { Cluster } from '../cluster.ts'
import { type FieldProblem, invalidValue, required } from '../failure.ts'
import { equal, isObject, type JsonObject, type KubeObject, valueAt } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { fillIn, podDefaults } from './pod.ts'

function filler(kindDefaults: JsonObject): (draft: KubeObject) => void {
  return (draft) => {
    const spec = (draft.spec ??= {})
    fillIn(spec, kindDefaults)
    const pod = valueAt(spec, ['template', 'spec'])
    if (isObject(pod)) podDefaults(pod)
  }
}

const deploymentDefaults: JsonObject = {
  replicas: 1,
  revisionHistoryLimit: 10,
  progressDeadlineSeconds: 600,
}

function fillInDeployment(draft: KubeObject): void {
  filler(deploymentDefaults)(draft)
  const strategy = (draft.spec ?? {})['strategy']
  const chosen: JsonObject = isObject(strategy) ? strategy : {}
  chosen['type'] ??= 'RollingUpdate'
  if (chosen['type'] === 'RollingUpdate') {
    const rolling = isObject(chosen['rollingUpdate']) ? chosen['rollingUpdate'] : {}
    chosen['rollingUpdate'] = { maxUnavailable: '25%', maxSurge: '25%', ...rolling }
  }
  draft.spec = { ...draft.spec, strategy: chosen }
}

/** The selector must choose the Pods that the template makes, for ever. */
function validate(
  draft: KubeObject,
  old: KubeObject | undefined,
  _cluster: Cluster,
): readonly FieldProblem[] {
  const selector = draft.spec?.['selector']
  const wanted = valueAt(selector, ['matchLabels'])
  if (!isObject(selector)) return [required('spec.selector')]
  if (old !== undefined && !equal(selector, old.spec?.['selector'])) {
    return [invalidValue('spec.selector', selector, 'field is immutable')]
  }
  const labels = valueAt(draft.spec, ['template', 'metadata', 'labels'])
  const given = isObject(labels) ? labels : {}
  const matches = Object.entries(isObject(wanted) ? wanted : {}).every(([key, value]) => given[key] === value)
  if (!matches) {
    const why = '`selector` does not match template `labels`'
    return [invalidValue('spec.template.metadata.labels', given, why)]
  }
  return containerProblems(draft)
}

function containerProblems(draft: KubeObject): readonly FieldProblem[] {
  const containers = valueAt(draft.spec, ['template', 'spec', 'containers'])
  if (Array.isArray(containers) && containers.length > 0) return []
  return [required('spec.template.spec.containers')]
}

export const deploymentStrategy: Strategy = { fillIn: fillInDeployment, validate }
export const replicaSetStrategy: Strategy = { fillIn: filler({ replicas: 1 }), validate }
export const daemonSetStrategy: Strategy = {
  fillIn: filler({
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  }),
  validate,
}
