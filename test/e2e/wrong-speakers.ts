import { rightSpeaker } from './right-objects.ts'
import {
  above,
  below,
  missing,
  nullEntries,
  ofOtherTypes,
  tooLong,
  tooMany,
  unknownField,
  wrongFields,
} from './wrong-field.ts'

const maxRevision = 2 ** 48 - 1
const placed = 'spec.addresses[0]'

/** What is wrong with one field of a Speaker's spec. */
export const wrongSpeakerFields = wrongFields('Speaker', rightSpeaker, [
  ...ofOtherTypes('map', 'spec', placed),
  ...ofOtherTypes('list', 'spec.addresses', `${placed}.services`),
  ...ofOtherTypes('int64', 'spec.revision', `${placed}.revision`),
  ...ofOtherTypes('text', `${placed}.address`, `${placed}.pool`, `${placed}.services[0]`),
  ...missing(`${placed}.address`, `${placed}.revision`, `${placed}.pool`, `${placed}.services`),
  ...nullEntries('object', placed),
  ...nullEntries('string', `${placed}.services[0]`),
  below('spec.revision', 0),
  below(`${placed}.revision`, 0, -7),
  above('spec.revision', maxRevision),
  above(`${placed}.revision`, maxRevision, Number.MAX_SAFE_INTEGER),
  [`${placed}.address`, 'is empty', '', 'should be at least 2 chars long'],
  [`${placed}.address`, 'is a name', 'node-1', 'should match'],
  [`${placed}.address`, 'is two addresses', '10.0.0.1,10.0.0.2', 'should match'],
  [`${placed}.address`, 'is a prefix', '10.0.0.0/24', 'should match'],
  [`${placed}.address`, 'has a zone', 'fe80::1%eth0', 'should match'],
  [`${placed}.address`, 'has full-width digits', '１０.0.0.1', 'should match'],
  [`${placed}.address`, 'ends with a NUL', '10.0.0.1\0', 'should match'],
  tooLong(`${placed}.address`, 45, '1'),
  tooLong(`${placed}.pool`, 253),
  ...ofOtherTypes('text', `${placed}.preferredNode`),
  tooLong(`${placed}.preferredNode`, 253),
  tooLong(`${placed}.services[0]`, 317),
  tooMany(`${placed}.services`, 256, 'shop/web'),
  tooMany('spec.addresses', 16_384, rightSpeaker.spec.addresses[0]),
  unknownField('spec.adresses', []),
  unknownField('spec.address', '10.0.0.1'),
  unknownField(`${placed}.service`, 'shop/web'),
  unknownField(`${placed}.node`, 'node-1'),
  unknownField('placement', {}),
])
