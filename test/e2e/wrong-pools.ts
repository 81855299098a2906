import { entryRows } from '../core/api/address-entries.ts'
import { rightPool } from './right-objects.ts'
import {
  above,
  below,
  missing,
  notOneOf,
  nullEntries,
  ofOtherTypes,
  tooLong,
  tooMany,
  unknownField,
  wrongFields,
} from './wrong-field.ts'
import type { Cell } from './wrong-field.ts'

const notAnAddress = 'is not an address, a CIDR or a range; write one such as 192.168.10.200-192.168.10.250'
const notANamespace = 'is not the name of a namespace; write lower-case letters, digits and dashes'
const notADuration = 'is not a duration; write hours, minutes and seconds such as 0s, 30m or 1h30m'
const notAnInterface = 'is not an interface name; write one name or glob in each entry, such as eth0 or enp*'

const needsValues = 'operator In or NotIn needs at least one entry in values'
const takesNoValues = 'operator Exists or DoesNotExist takes no values; leave them out'

/** Texts at one path that are refused in the same words, each quoted. */
function texts(path: string, says: string, ...values: readonly string[]): readonly Cell[] {
  return values.map((value): Cell => {
    const quoted = JSON.stringify(value)
    return [path, `is ${quoted}`, value, `Invalid value: ${quoted}: ${says}`]
  })
}

/** Everything that can be wrong with one selector of a list of them. */
function selectorCells(path: string): readonly Cell[] {
  const expression = `${path}.matchExpressions[0]`
  return [
    ...ofOtherTypes('map', path, `${path}.matchLabels`, expression),
    ...ofOtherTypes('list', `${path}.matchExpressions`, `${expression}.values`),
    ...ofOtherTypes('text', `${path}.matchLabels.team`, `${expression}.key`, `${expression}.operator`),
    ...ofOtherTypes('text', `${expression}.values[0]`),
    ...missing(`${expression}.key`, `${expression}.operator`),
    ...nullEntries('object', expression),
    ...nullEntries('string', `${expression}.values[0]`),
    ...notOneOf(`${expression}.operator`, ['In', 'NotIn', 'Exists', 'DoesNotExist'], 'in', '=', '', 'Gt'),
    [`${expression}.values`, 'is empty for In', [], needsValues, expression],
    [`${expression}.values`, 'is missing for In', undefined, needsValues, expression],
    [`${expression}.operator`, 'is Exists beside values', 'Exists', takesNoValues, expression],
    [`${path}.matchLabels.team`, 'has a blank', 'the shop', 'should match'],
    [`${path}.matchLabels.team`, 'has full-width letters', 'ｓｈｏｐ', 'should match'],
    [`${path}.matchLabels.team`, 'has a NUL', 'shop\0', 'should match'],
    tooLong(`${path}.matchLabels.team`, 63),
    [`${expression}.key`, 'is empty', '', 'should be at least 1 chars long'],
    [`${expression}.key`, 'has two prefixes', 'a/b/c', 'should match'],
    [`${expression}.key`, 'is Cyrillic', 'tiеr', 'should match'],
    tooLong(`${expression}.key`, 317),
    [`${expression}.values[0]`, 'ends with a dash', 'front-', 'should match'],
    tooLong(`${expression}.values[0]`, 63),
    tooMany(`${expression}.values`, 64, 'front'),
    tooMany(`${path}.matchExpressions`, 32, { key: 'a', operator: 'Exists' }),
    [`${path}.matchLabels`, 'has 65 labels', labels(65), 'Too many: 65: must have at most 64 items'],
    unknownField(`${path}.matchLabel`, { team: 'shop' }),
    unknownField(`${path}.team`, 'shop'),
    unknownField(`${expression}.value`, 'front'),
  ]
}

function labels(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, 'a']))
}

const selectors = ['spec.namespaceSelectors', 'spec.serviceSelectors', 'spec.l2.nodeSelectors']
const weighed = 'spec.l2.preferredNodes[0]'

const types: readonly Cell[] = [
  ...ofOtherTypes('map', 'spec', 'spec.quota', 'spec.l2', weighed),
  ...ofOtherTypes('list', 'spec.addresses', 'spec.exclude', 'spec.namespaces', ...selectors),
  ...ofOtherTypes('list', 'spec.l2.interfaces', 'spec.l2.preferredNodes'),
  ...ofOtherTypes('text', 'spec.addresses[0]', 'spec.exclude[0]', 'spec.namespaces[0]', 'spec.retain'),
  ...ofOtherTypes('text', 'spec.sharing', 'spec.l2.interfaces[0]', 'spec.l2.rebalance', 'spec.l2.readiness'),
  ...ofOtherTypes('flag', 'spec.autoAssign', 'spec.avoidBuggyIPs', 'spec.disabled', 'spec.l2.enabled'),
  ...ofOtherTypes('int32', 'spec.priority', 'spec.quota.perNamespace', `${weighed}.weight`),
  ...missing('spec', 'spec.addresses', `${weighed}.weight`, `${weighed}.selector`),
  ...nullEntries(
    'string',
    'spec.addresses[0]',
    'spec.exclude[0]',
    'spec.namespaces[0]',
    'spec.l2.interfaces[0]',
  ),
  ...nullEntries('object', ...selectors.map((path) => `${path}[0]`), weighed),
]

const bounds: readonly Cell[] = [
  ['spec.addresses', 'is empty', [], 'should have at least 1 items'],
  ['spec.addresses[0]', 'is a list in the list', ['10.0.0.1'], 'must be of type string: "array"'],
  tooMany('spec.addresses', 256, '10.9.0.1'),
  tooMany('spec.exclude', 256, '10.9.0.1'),
  tooMany('spec.namespaces', 256, 'shop'),
  ...selectors.map((path) => tooMany(path, 32, {})),
  tooMany('spec.l2.interfaces', 32, 'eth0'),
  tooMany('spec.l2.preferredNodes', 16, { weight: 1, selector: {} }),
  tooLong('spec.addresses[0]', 100, '1'),
  tooLong('spec.exclude[0]', 100, ' '),
  tooLong('spec.namespaces[0]', 63),
  tooLong('spec.retain', 21, '1'),
  tooLong('spec.l2.interfaces[0]', 64),
  above('spec.priority', 1_000_000),
  above('spec.priority', 1_000_000, 2 ** 31),
  below('spec.priority', -1_000_000),
  below('spec.priority', -1_000_000, -(2 ** 31) - 1),
  below('spec.quota.perNamespace', 1),
  below('spec.quota.perNamespace', 1, -1),
  ['spec.quota.perNamespace', 'is 2147483648', 2 ** 31, 'must be of type integer with format int32'],
  ['spec.priority', 'is 1e+300', 1e300, 'should be less than or equal to 1e+06'],
  below(`${weighed}.weight`, 1),
  above(`${weighed}.weight`, 100),
  above(`${weighed}.weight`, 100, Number.MAX_SAFE_INTEGER),
]

const words: readonly Cell[] = [
  ...notOneOf('spec.sharing', ['Namespace', 'Cluster'], 'namespace', 'All', ''),
  ...notOneOf('spec.l2.rebalance', ['Manual', 'Auto'], 'auto', 'Always', '', ' Auto'),
  ...notOneOf('spec.l2.readiness', ['Wait', 'None'], 'wait', 'Νone', ''),
  ...texts(
    'spec.namespaces[0]',
    notANamespace,
    '',
    ' ',
    'Shop',
    'shop_1',
    '-shop',
    'shop-',
    'a.b',
    'a/b',
    '*',
  ),
  ...texts('spec.namespaces[0]', notANamespace, 'shop ', 'ѕhop', 'shop１', 'shop\n'),
  ...texts(
    'spec.retain',
    notADuration,
    '',
    ' ',
    '0',
    '30',
    '1d',
    '1.5h',
    '-5m',
    '+5m',
    '5 m',
    '1h 30m',
    '1H',
  ),
  ...texts('spec.retain', notADuration, '30ms', '1e3s', '３０m', 'forever', '1000000s', '1h1h1h1h'),
  ...texts('spec.l2.interfaces[0]', notAnInterface, '', ' ', 'eth0,eth1', 'eth0 eth1', '/dev/eth0', 'eth0:1'),
  ...texts('spec.l2.interfaces[0]', notAnInterface, 'ｅｔｈ０', 'eth0\n', 'eth\t0'),
]

const unknown: readonly Cell[] = [
  unknownField('spec.adresses', ['10.0.0.1']),
  unknownField('spec.autoassign'),
  unknownField('spec.avoidBuggyIps'),
  unknownField('spec.interfaces', ['eth0']),
  unknownField('spec.L2', {}),
  unknownField('spec.spec', { addresses: ['10.0.0.1'] }),
  unknownField('spec.constructor', {}),
  unknownField('spec.toString', 'a'),
  unknownField('spec.quota.perService', 1),
  unknownField('spec.l2.rebalanced', 'Auto'),
  unknownField(`${weighed}.wieght`, 5),
  unknownField('addresses', ['10.0.0.1']),
]

const entries: readonly Cell[] = entryRows.flatMap(({ text, rule }) => {
  if (rule === undefined) return []
  const path = text.length % 2 === 0 ? 'spec.addresses[1]' : 'spec.exclude[0]'
  return [[path, `is ${JSON.stringify(text)}`, text, `${path}: Invalid value: `] as Cell]
})

/** What is wrong with one field of an AddressPool's spec. */
export const wrongPoolFields = wrongFields('AddressPool', rightPool, [
  ...types,
  ...bounds,
  ...words,
  ['spec.exclude[0]', 'is a name', 'gateway', `"gateway": ${notAnAddress}`],
  ['spec.addresses[0]', 'is null as a text', 'null', `"null": ${notAnAddress}`],
  ...entries,
  ...unknown,
  ...selectors.flatMap((path) => selectorCells(`${path}[0]`)),
  ...selectorCells(`${weighed}.selector`),
])
