import { type KubeObject, valueAt } from '../object.ts'
import { age, columns } from './columns.ts'
import { joined, objectsAt, sizeAt, textAt } from './read.ts'

export const namespaceColumns = columns(['Status', ({ status }) => textAt(status, 'phase') ?? 'Active'], age)

export const configMapColumns = columns(
  ['Data', (object) => sizeAt(object, 'data') + sizeAt(object, 'binaryData')],
  age,
)

export const secretColumns = columns(
  ['Type', (object) => textAt(object, 'type') ?? 'Opaque'],
  ['Data', (object) => sizeAt(object, 'data')],
  age,
)

export const leaseColumns = columns(['Holder', ({ spec }) => textAt(spec, 'holderIdentity') ?? ''], age)

export const createdColumns = columns(['Created At', ({ metadata }) => metadata.creationTimestamp, 'date'])

function subjectNames(kind: string): (object: KubeObject) => string {
  return (object) => {
    const subjects = objectsAt(object, 'subjects').filter((subject) => subject['kind'] === kind)
    const names = subjects.map((one) =>
      kind === 'ServiceAccount'
        ? `${textAt(one, 'namespace') ?? ''}/${textAt(one, 'name') ?? ''}`
        : (textAt(one, 'name') ?? ''),
    )
    return names.join(', ')
  }
}

export const bindingColumns = columns(
  [
    'Role',
    (object) => `${textAt(object, 'roleRef', 'kind') ?? ''}/${textAt(object, 'roleRef', 'name') ?? ''}`,
  ],
  age,
  ['Users', subjectNames('User'), 'wide'],
  ['Groups', subjectNames('Group'), 'wide'],
  ['ServiceAccounts', subjectNames('ServiceAccount'), 'wide'],
)

export const policyColumns = columns(
  ['Validations', ({ spec }) => objectsAt(spec, 'validations').length, 'integer'],
  [
    'ParamKind',
    ({ spec }) =>
      joined([textAt(spec, 'paramKind', 'apiVersion'), textAt(spec, 'paramKind', 'kind')]) ?? '<unset>',
  ],
  age,
)

export const policyBindingColumns = columns(
  ['PolicyName', ({ spec }) => textAt(spec, 'policyName')],
  ['ParamRef', ({ spec }) => textAt(valueAt(spec, ['paramRef']), 'name') ?? '<unset>'],
  age,
)
