import { rightPool, rightSpeaker } from './right-objects.ts'
import { wrongFields } from './wrong-field.ts'
import type { Cell } from './wrong-field.ts'

const notAName = 'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters'

/** As the decoder calls `metadata`. */
const inMetadata = 'Go struct field ObjectMeta'

const names = ['Lab', 'the lab', 'lab_1', '-lab', 'lab.', 'a..b', 'lab/1', 'läb', 'lаb', '１', 'lab\n', '*']

const cells: readonly Cell[] = [
  ['metadata.name', 'is missing', undefined, 'name or generateName is required'],
  ['metadata.name', 'is empty', '', 'name or generateName is required'],
  ['metadata.name', 'is a number', 7, `number into ${inMetadata}.name`],
  ['metadata.name', 'has 254 letters', 'a'.repeat(254), 'must be no more than 253'],
  ...names.map((name): Cell => ['metadata.name', `is ${JSON.stringify(name)}`, name, notAName]),
  ['metadata', 'is a text', 'lab', 'cannot unmarshal string'],
  ['metadata.labels', 'is a list', ['a'], `array into ${inMetadata}.labels`],
  ['metadata.labels', 'has a number', { a: 1 }, `number into ${inMetadata}.labels`, 'metadata.labels.a'],
  [
    'metadata.annotations',
    'has a flag',
    { a: true },
    `bool into ${inMetadata}.annotations`,
    'metadata.annotations.a',
  ],
]

const types: readonly (readonly [field: string, value: string])[] = [
  ['apiVersion', 'lanlord.dev/v1'],
  ['apiVersion', 'lanlord.dev/V1beta1'],
  ['kind', 'AdressPool'],
  ['kind', 'addresspool'],
  ['kind', 'AddressPools'],
  ['kind', 'Рool'],
]

/** What is of no kind that there is; kubectl says so, and asks the API server for nothing. */
export const wrongTypes = types.flatMap(([field, value]) => {
  return wrongFields('AddressPool', rightPool, [[field, `is ${value}`, value, '']]).map((row) => {
    const [kind, version] = [row.object.kind, row.object.apiVersion].map((text) => JSON.stringify(text))
    // It takes the name of the resource for one of the kind, and then the API server has to say it.
    if (value === 'addresspool') return { ...row, says: `Invalid value: ${kind}: must be AddressPool` }
    return { ...row, says: `no matches for kind ${kind} in version ${version}` }
  })
})

/** What is wrong with what names an object. */
export const wrongNames = [
  ...wrongFields('AddressPool', rightPool, cells),
  ...wrongFields('Speaker', rightSpeaker, cells),
]
