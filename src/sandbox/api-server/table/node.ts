import { type KubeObject, valueAt } from '../object.ts'
import { age, columns } from './columns.ts'
import { joined, objectsAt, textAt } from './read.ts'

const rolePrefix = 'node-role.kubernetes.io/'

function statusText({ spec, status }: KubeObject): string {
  const ready = objectsAt(status, 'conditions').find((condition) => condition['type'] === 'Ready')
  const word = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady'
  return valueAt(spec, ['unschedulable']) === true ? `${word},SchedulingDisabled` : word
}

function rolesText({ metadata }: KubeObject): string | undefined {
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(rolePrefix))
  return joined(roles.map((label) => label.slice(rolePrefix.length)).toSorted())
}

function addressOf(type: string): (node: KubeObject) => string | undefined {
  return ({ status }) =>
    textAt(
      objectsAt(status, 'addresses').find((address) => address['type'] === type),
      'address',
    )
}

export const nodeColumns = columns(
  ['Status', statusText],
  ['Roles', rolesText],
  age,
  ['Version', ({ status }) => textAt(status, 'nodeInfo', 'kubeletVersion') ?? ''],
  ['Internal-IP', addressOf('InternalIP'), 'wide'],
  ['External-IP', addressOf('ExternalIP'), 'wide'],
  ['OS-Image', ({ status }) => textAt(status, 'nodeInfo', 'osImage') ?? '<unknown>', 'wide'],
  ['Kernel-Version', ({ status }) => textAt(status, 'nodeInfo', 'kernelVersion') ?? '<unknown>', 'wide'],
  [
    'Container-Runtime',
    ({ status }) => textAt(status, 'nodeInfo', 'containerRuntimeVersion') ?? '<unknown>',
    'wide',
  ],
)
