import { type KubeObject, valueAt } from '../object.ts'
import { age, columns } from './columns.ts'
import { joined, numberAt, objectsAt, selectorText, textAt } from './read.ts'

type Count = (object: KubeObject) => number

function statusCount(field: string): Count {
  return ({ status }) => numberAt(status, field) ?? 0
}

const wanted: Count = ({ spec }) => numberAt(spec, 'replicas') ?? 1

function containers({ spec }: KubeObject): ReturnType<typeof objectsAt> {
  return objectsAt(spec, 'template', 'spec', 'containers')
}

const containerNames = (object: KubeObject): string | undefined =>
  joined(containers(object).map((container) => textAt(container, 'name')))
const containerImages = (object: KubeObject): string | undefined =>
  joined(containers(object).map((container) => textAt(container, 'image')))
const selector = ({ spec }: KubeObject): string | undefined => selectorText(valueAt(spec, ['selector']))

export const deploymentColumns = columns(
  ['Ready', (object) => `${statusCount('readyReplicas')(object)}/${wanted(object)}`],
  ['Up-to-date', statusCount('updatedReplicas')],
  ['Available', statusCount('availableReplicas')],
  age,
  ['Containers', containerNames, 'wide'],
  ['Images', containerImages, 'wide'],
  ['Selector', selector, 'wide'],
)

export const replicaSetColumns = columns(
  ['Desired', wanted, 'integer'],
  ['Current', statusCount('replicas'), 'integer'],
  ['Ready', statusCount('readyReplicas'), 'integer'],
  age,
  ['Containers', containerNames, 'wide'],
  ['Images', containerImages, 'wide'],
  ['Selector', selector, 'wide'],
)

export const daemonSetColumns = columns(
  ['Desired', statusCount('desiredNumberScheduled'), 'integer'],
  ['Current', statusCount('currentNumberScheduled'), 'integer'],
  ['Ready', statusCount('numberReady'), 'integer'],
  ['Up-to-date', statusCount('updatedNumberScheduled'), 'integer'],
  ['Available', statusCount('numberAvailable'), 'integer'],
  ['Node Selector', nodeSelector],
  age,
  ['Containers', containerNames, 'wide'],
  ['Images', containerImages, 'wide'],
  ['Selector', selector, 'wide'],
)

function nodeSelector({ spec }: KubeObject): string | undefined {
  return selectorText({ matchLabels: valueAt(spec, ['template', 'spec', 'nodeSelector']) })
}

function podReady({ spec, status }: KubeObject): string {
  const all = objectsAt(spec, 'containers').length
  const statuses = objectsAt(status, 'containerStatuses')
  const ready = statuses.filter((container) => container['ready'] === true).length
  return `${ready}/${all}`
}

function podStatus({ metadata, status }: KubeObject): string {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  const waiting = objectsAt(status, 'containerStatuses').map((one) =>
    textAt(one, 'state', 'waiting', 'reason'),
  )
  return (
    waiting.find((reason) => reason !== undefined) ??
    textAt(status, 'reason') ??
    textAt(status, 'phase') ??
    'Unknown'
  )
}

function restarts({ status }: KubeObject): string {
  const counts = objectsAt(status, 'containerStatuses').map((one) => numberAt(one, 'restartCount') ?? 0)
  return String(counts.reduce((sum, count) => sum + count, 0))
}

export const podColumns = columns(
  ['Ready', podReady],
  ['Status', podStatus],
  ['Restarts', restarts],
  age,
  ['IP', ({ status }) => textAt(status, 'podIP'), 'wide'],
  ['Node', ({ spec }) => textAt(spec, 'nodeName'), 'wide'],
  ['Nominated Node', ({ status }) => textAt(status, 'nominatedNodeName'), 'wide'],
  ['Readiness Gates', () => undefined, 'wide'],
)
