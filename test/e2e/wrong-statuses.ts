import { rightPool, rightSpeaker } from './right-objects.ts'
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

const maxRevision = 2 ** 48 - 1

/** The paths of some fields of one thing. */
const of = (path: string, ...names: readonly string[]): readonly string[] =>
  names.map((name) => `${path}.${name}`)

const condition = 'status.conditions[0]'
const conditions: readonly Cell[] = [
  ...ofOtherTypes('list', 'status.conditions'),
  ...ofOtherTypes('map', condition),
  ...ofOtherTypes('text', ...of(condition, 'type', 'status', 'reason', 'message')),
  ...ofOtherTypes('moment', `${condition}.lastTransitionTime`),
  ...ofOtherTypes('int64', `${condition}.observedGeneration`),
  ...missing(...of(condition, 'type', 'status', 'reason', 'message', 'lastTransitionTime')),
  ...notOneOf(`${condition}.status`, ['True', 'False', 'Unknown'], 'true', 'Yes', ''),
  [`${condition}.type`, 'is empty', '', 'should be at least 1 chars long'],
  tooLong(`${condition}.type`, 316),
  tooLong(`${condition}.reason`, 1024),
  tooLong(`${condition}.message`, 32_768),
  below(`${condition}.observedGeneration`, 0),
  tooMany('status.conditions', 16, rightPool.status.conditions[0]),
  [
    'status.conditions[1]',
    'is there twice',
    rightPool.status.conditions[0],
    'Duplicate value: {"type":"Ready"}',
  ],
  unknownField(`${condition}.since`, 'now'),
]

const uses = ['status.ipv4', 'status.ipv6']
const counts = uses.flatMap((path) => of(path, 'total', 'allocated', 'retained', 'quarantined', 'available'))
const remembered = 'status.remembered[0]'
const quarantine = 'status.quarantine[0]'

/** What is wrong with one field of an AddressPool's status. */
export const wrongPoolStatuses = wrongFields('AddressPool', rightPool, [
  ...ofOtherTypes('map', 'status', ...uses, remembered, quarantine),
  ...ofOtherTypes('list', 'status.remembered', 'status.quarantine', 'status.probe'),
  ...ofOtherTypes('text', 'status.probe[0]'),
  ...ofOtherTypes('int64', 'status.waiting', ...counts),
  ...ofOtherTypes('text', ...of(remembered, 'address', 'service'), ...of(quarantine, 'address', 'mac')),
  ...ofOtherTypes('moment', `${remembered}.freedAt`, `${quarantine}.seen`),
  ...missing(...counts, ...of(remembered, 'address', 'service', 'freedAt')),
  ...missing(...of(quarantine, 'address', 'mac', 'seen')),
  ...nullEntries('object', remembered, quarantine),
  ...counts.map((path) => below(path, 0)),
  below('status.waiting', 0),
  tooLong(`${remembered}.address`, 45, '1'),
  tooLong(`${remembered}.service`, 317),
  tooLong(`${quarantine}.address`, 45, '1'),
  tooLong(`${quarantine}.mac`, 17),
  tooMany('status.remembered', 1024, rightPool.status.remembered[0]),
  tooMany('status.quarantine', 256, rightPool.status.quarantine[0]),
  tooMany('status.probe', 16, '10.9.0.4'),
  tooLong('status.probe[0]', 45, '1'),
  ...nullEntries('string', 'status.probe[0]'),
  unknownField('status.phase', 'Ready'),
  unknownField(`${remembered}.node`, 'a'),
  ...conditions,
])

const reported = 'status.interfaces[0]'
const unused = 'status.unusedInterfaces[0]'
const announced = 'status.announcing[0]'
const peer = 'status.peers[0]'
const conflict = 'status.conflicts[0]'
const foreign = 'status.foreign[0]'
const estranged = 'status.estranged[0]'
const heldBack = 'status.heldBack[0]'
const finding = 'status.selfTest[0]'
const answerer = `${finding}.others[0]`
const numbers = of('status', 'count', 'peerCount')

/** What is wrong with one field of a Speaker's status. */
export const wrongSpeakerStatuses = wrongFields('Speaker', rightSpeaker, [
  ...ofOtherTypes('map', 'status', reported, unused, announced, peer, conflict, foreign, finding, answerer),
  ...ofOtherTypes('map', heldBack),
  ...ofOtherTypes('list', 'status.heldBack'),
  ...ofOtherTypes(
    'list',
    ...of('status', 'interfaces', 'unusedInterfaces', 'announcing', 'peers', 'conflicts', 'foreign'),
  ),
  ...ofOtherTypes('list', 'status.selfTest', `${finding}.others`),
  ...ofOtherTypes('text', ...of(finding, 'address', 'node', 'interface', 'result')),
  ...ofOtherTypes('text', ...of(answerer, 'mac', 'node')),
  ...ofOtherTypes('moment', `${finding}.since`),
  ...missing(...of(finding, 'address', 'node', 'interface', 'result', 'others', 'since'), `${answerer}.mac`),
  ...notOneOf(`${finding}.result`, ['Unanswered', 'AnsweredElsewhere', 'AnsweredTwice'], 'Answered', ''),
  tooMany('status.selfTest', 256, rightSpeaker.status.selfTest[0]),
  tooMany(`${finding}.others`, 8, rightSpeaker.status.selfTest[0]?.others[0]),
  ...ofOtherTypes('flag', `${announced}.unproven`, `${conflict}.insists`, `${foreign}.withheld`),
  ...ofOtherTypes('text', ...of(heldBack, 'address', 'waitsFor')),
  ...ofOtherTypes('moment', ...of(heldBack, 'since', 'until')),
  ...missing(...of(heldBack, 'address', 'since', 'until', 'waitsFor')),
  ...notOneOf(`${heldBack}.waitsFor`, ['Forwarding', 'Answers'], 'forwarding', ''),
  tooLong(`${heldBack}.address`, 45, '1'),
  tooMany('status.heldBack', 1024, rightSpeaker.status.heldBack[0]),
  ...ofOtherTypes('text', ...of(foreign, 'address', 'mac', 'interface')),
  ...ofOtherTypes('moment', `${foreign}.seen`),
  ...ofOtherTypes('map', estranged),
  ...ofOtherTypes('list', 'status.estranged'),
  ...ofOtherTypes('text', ...of(estranged, 'reason', 'interface', 'node', 'mac', 'says')),
  ...ofOtherTypes('moment', `${estranged}.since`),
  ...missing(...of(estranged, 'reason', 'interface', 'since')),
  ...nullEntries('object', estranged),
  ...notOneOf(`${estranged}.reason`, ['UnknownKey', 'OneWay', 'WireOnly'], 'unknownKey', ''),
  tooMany('status.estranged', 64, rightSpeaker.status.estranged[0]),
  tooLong(`${estranged}.interface`, 15),
  tooLong(`${estranged}.mac`, 17),
  tooLong(`${estranged}.node`, 253),
  tooLong(`${estranged}.says`, 253),
  ...missing(...of(foreign, 'address', 'mac', 'interface', 'seen')),
  ...ofOtherTypes('list', ...of(reported, 'addresses', 'gateways'), `${unused}.addresses`),
  ...ofOtherTypes(
    'text',
    ...of(unused, 'name', 'mac', 'link', 'reason', 'message'),
    `${unused}.addresses[0]`,
  ),
  ...ofOtherTypes('text', `${reported}.link`),
  ...missing(...of(unused, 'name', 'link', 'addresses', 'reason', 'message')),
  ...notOneOf(`${reported}.link`, ['Up', 'Down'], 'up', 'UP', ''),
  ...notOneOf(`${unused}.link`, ['Up', 'Down'], 'up', 'UP', ''),
  ...ofOtherTypes('int32', ...numbers),
  ...ofOtherTypes('int64', 'status.observedRevision'),
  ...ofOtherTypes('text', 'status.node', 'status.summary', ...of(reported, 'name', 'mac', 'segment')),
  ...ofOtherTypes('text', `${reported}.addresses[0]`, `${reported}.gateways[0]`),
  ...ofOtherTypes('text', ...of(announced, 'address', 'interface', 'mac', 'cause')),
  ...ofOtherTypes(
    'text',
    ...of(peer, 'node', 'interface'),
    ...of(conflict, 'address', 'mac', 'node', 'interface'),
  ),
  ...ofOtherTypes('moment', ...[announced, peer, conflict].map((path) => `${path}.since`)),
  ...missing(...of(reported, 'name', 'mac', 'addresses')),
  ...missing(...of(announced, 'address', 'interface', 'mac', 'since', 'cause')),
  ...missing(
    ...of(peer, 'node', 'interface', 'since'),
    ...of(conflict, 'address', 'mac', 'interface', 'since'),
  ),
  ...nullEntries('object', reported, unused, announced, peer, conflict, foreign, heldBack, finding, answerer),
  ...nullEntries('string', `${reported}.addresses[0]`, `${reported}.gateways[0]`, `${unused}.addresses[0]`),
  ...numbers.map((path) => below(path, 0)),
  ['status.count', 'is 2147483648', 2 ** 31, 'must be of type integer with format int32 in count'],
  ...notOneOf('status.kubeProxy', ['Healthy', 'Unhealthy', 'Unknown'], 'healthy', 'OK', ''),
  below('status.observedRevision', 0),
  above('status.observedRevision', maxRevision),
  tooLong('status.node', 253),
  tooLong('status.summary', 256),
  tooLong(`${reported}.name`, 15),
  tooLong(`${reported}.mac`, 17),
  tooLong(`${reported}.segment`, 253),
  tooLong(`${reported}.addresses[0]`, 49, '1'),
  tooLong(`${reported}.gateways[0]`, 45, '1'),
  [`${reported}.gateways[0]`, 'is one character', '1', 'should be at least 2 chars long'],
  tooLong(`${unused}.name`, 15),
  tooLong(`${unused}.mac`, 17),
  tooLong(`${unused}.addresses[0]`, 49, '1'),
  tooLong(`${unused}.reason`, 64),
  tooLong(`${unused}.message`, 1024),
  tooMany(`${unused}.addresses`, 256, '10.0.0.1/24'),
  tooMany('status.unusedInterfaces', 64, rightSpeaker.status.unusedInterfaces[0]),
  tooMany(`${reported}.addresses`, 256, '10.0.0.1/24'),
  tooMany(`${reported}.gateways`, 16, '10.0.0.1'),
  tooMany('status.interfaces', 256, rightSpeaker.status.interfaces[0]),
  tooMany('status.announcing', 16_384, rightSpeaker.status.announcing[0]),
  tooMany('status.peers', 4096, rightSpeaker.status.peers[0]),
  tooMany('status.conflicts', 1024, rightSpeaker.status.conflicts[0]),
  tooMany('status.foreign', 1024, rightSpeaker.status.foreign[0]),
  tooLong(`${foreign}.mac`, 17),
  tooLong(`${announced}.address`, 45, '1'),
  tooLong(`${announced}.interface`, 15),
  tooLong(`${announced}.mac`, 17),
  tooLong(`${announced}.cause`, 64),
  tooLong(`${peer}.node`, 253),
  tooLong(`${peer}.interface`, 15),
  tooLong(`${conflict}.mac`, 17),
  tooLong(`${conflict}.node`, 253),
  unknownField('status.phase', 'Ready'),
  unknownField(`${announced}.node`, 'a'),
  ...conditions,
])
