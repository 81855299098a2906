/** A pool that the API server stores, for what is wrong with it no schema can see. */
export interface UnsoundPool {
  readonly wrong: string
  readonly spec: object
  /** The condition that is False then, and why. */
  readonly type: 'Ready' | 'Sound'
  readonly reason: string
  /** What its message says. */
  readonly says: string
}

/** The pool that some of them overlap; it is older. */
export const olderPool = { name: 'older', spec: { addresses: ['10.88.0.0/28', 'fd00:88::/64'] } }

type Row = readonly [wrong: string, spec: object, says: string]

function rows(type: UnsoundPool['type'], reason: string, ...all: readonly Row[]): readonly UnsoundPool[] {
  return all.map(([wrong, spec, says]) => ({ type, reason, wrong, spec: { addresses, ...spec }, says }))
}

const addresses = ['10.89.0.0/28']

const lastOfOlder = ['10.89.0.1', '10.88.0.15']
const keptByOlder =
  'of AddressPool older, which is older and keeps it; take the shared addresses out of one of the two'

const notReady: readonly UnsoundPool[] = [
  ...rows(
    'Ready',
    'Overlaps',
    ['lists what an older pool lists', { addresses: ['10.88.0.0/28'] }, `10.88.0.0/28 ${keptByOlder}`],
    [
      'shares one address with an older pool',
      { addresses: lastOfOlder },
      `10.88.0.15 overlaps 10.88.0.0/28 ${keptByOlder}`,
    ],
    [
      'holds an older pool',
      { addresses: ['10.88.0.0/24'] },
      `10.88.0.0/24 overlaps 10.88.0.0/28 ${keptByOlder}`,
    ],
    [
      'shares one IPv6 address with it',
      { addresses: ['fd00:88::9'] },
      `fd00:88::9 overlaps fd00:88::/64 ${keptByOlder}`,
    ],
    [
      'excludes what it shares with an older pool',
      { addresses: ['10.88.0.0/24'], exclude: ['10.88.0.0/28'] },
      `10.88.0.0/24 overlaps 10.88.0.0/28 ${keptByOlder}`,
    ],
  ),
  ...rows(
    'Ready',
    'InvalidAddresses',
    [
      'has an IPv6 range that ends before it begins',
      { addresses: ['10.89.0.1', 'fd00:89::9-fd00:89::1'] },
      '"fd00:89::9-fd00:89::1" ends before it begins; write fd00:89::1-fd00:89::9',
    ],
    [
      'excludes an IPv6 range that ends before it begins',
      { addresses: ['fd00:89::/64'], exclude: ['fd00:89::9-fd00:89::1'] },
      '"fd00:89::9-fd00:89::1" ends before it begins; write fd00:89::1-fd00:89::9',
    ],
  ),
]

const addressSlips: readonly UnsoundPool[] = [
  ...rows(
    'Sound',
    'RepeatedEntry',
    [
      'lists an address twice',
      { addresses: ['10.89.0.1', '10.89.0.1'] },
      '10.89.0.1 in spec.addresses is listed by',
    ],
    [
      'lists an address in other letters again',
      { addresses: ['fd00:89::a', 'FD00:89:0::A'] },
      'fd00:89::a in spec.addresses is listed by an entry before it already; take it out',
    ],
    [
      'lists an address of its network again',
      { addresses: ['10.89.0.0/28', '10.89.0.9'] },
      '10.89.0.9 in spec.addresses is listed by 10.89.0.0/28 already; take it out',
    ],
    [
      'lists five addresses again',
      { addresses: ['10.89.0.0/28', ...[1, 2, 3, 4, 5].map((last) => `10.89.0.${last}`)] },
      'and 2 more like these',
    ],
  ),
  ...rows(
    'Sound',
    'ExcludesNothing',
    ['excludes what it does not list', { exclude: ['10.89.1.1'] }, '10.89.1.1 in spec.exclude is not among'],
    [
      'excludes of another family',
      { exclude: ['fd00:89::1'] },
      'fd00:89::1 in spec.exclude is not among spec.addresses',
    ],
  ),
  ...rows(
    'Sound',
    'GivesNothing',
    [
      'excludes all that it lists',
      { exclude: ['10.89.0.0/24'] },
      'spec.exclude leaves none of its addresses to give out',
    ],
    [
      'lists addresses to avoid only',
      { addresses: ['10.89.0.255', '10.89.1.0'], avoidBuggyIPs: true },
      'spec.avoidBuggyIPs leaves none of its addresses to give out; list more of them',
    ],
  ),
  ...rows(
    'Sound',
    'SpecialAddress',
    ['lists a loopback address', { addresses: ['127.0.0.1'] }, '127.0.0.1 is every node’s own (loopback)'],
    ['lists link-local addresses', { addresses: ['169.254.169.254'] }, '169.254.169.254 is link-local'],
    ['lists multicast addresses', { addresses: ['224.0.0.0/24'] }, '224.0.0.0/24 is multicast; take it out'],
    ['lists the broadcast address', { addresses: ['255.255.255.255'] }, '255.255.255.255 is reserved'],
    ['lists no address at all', { addresses: ['0.0.0.0'] }, '0.0.0.0 stands for no host (RFC 1122)'],
    [
      'lists ::1',
      { addresses: ['::1'] },
      '::1 is every node’s own (loopback); take it out of spec.addresses',
    ],
    ['lists ::', { addresses: ['::'] }, ':: stands for no host'],
    [
      'lists what needs a zone',
      { addresses: ['fe80::1-fe80::9'] },
      'is link-local, and reached only with a zone',
    ],
    ['lists IPv6 multicast', { addresses: ['ff02::1'] }, 'ff02::1 is multicast'],
    [
      'lists a part of what is multicast',
      { addresses: ['223.255.255.0-224.0.0.9'] },
      '223.255.255.0-224.0.0.9 holds addresses of 224.0.0.0/4, which is multicast; list less, or add 224.0.0.0/4',
    ],
  ),
]

const impossible = (matchLabels: object, ...matchExpressions: readonly object[]): object => ({
  serviceSelectors: [{ matchLabels, matchExpressions }],
})

const selectorSlips: readonly UnsoundPool[] = [
  ...rows(
    'Sound',
    'AdmitsNobody',
    [
      'names no namespace',
      { namespaces: [] },
      'spec.namespaces is empty, and so lets no namespace in; leave it out',
    ],
    [
      'selects no namespace',
      { namespaceSelectors: [] },
      'spec.namespaceSelectors is empty, and so lets no namespace in',
    ],
    [
      'names and selects no namespace',
      { namespaces: [], namespaceSelectors: [] },
      'spec.namespaces is empty',
    ],
    [
      'selects no Service',
      { serviceSelectors: [] },
      'spec.serviceSelectors is empty, and so lets no Service in',
    ],
  ),
  ...rows(
    'Sound',
    'MatchesNothing',
    [
      'selects by a key with a blank',
      impossible({ 'the team': 'a' }),
      'no label can have the key "the team"',
    ],
    ['selects by an empty key', impossible({ '': 'a' }), 'no label can have the key ""'],
    ['selects by a key in Cyrillic', impossible({ tеam: 'a' }), 'no label can have the key "tеam"'],
    ['selects by a long key', impossible({ ['k'.repeat(64)]: 'a' }), 'no label can have the key "kkk'],
    [
      'selects by a key with two slashes',
      impossible({ 'a/b/c': 'a' }),
      'spec.serviceSelectors[0] matches nothing',
    ],
    [
      'selects what is there and is not',
      impossible({}, { key: 'team', operator: 'Exists' }, { key: 'team', operator: 'DoesNotExist' }),
      'nothing can satisfy all that it says about the label team; correct it or take it out',
    ],
    [
      'selects what is one thing and another',
      impossible({ team: 'a' }, { key: 'team', operator: 'In', values: ['b', 'c'] }),
      'nothing can satisfy all that it says about the label team',
    ],
    [
      'selects what is and is not one thing',
      impossible({ team: 'a' }, { key: 'team', operator: 'NotIn', values: ['a', 'b'] }),
      'nothing can satisfy all that it says about the label team',
    ],
    [
      'selects what has a value and does not exist',
      impossible({ team: 'a' }, { key: 'team', operator: 'DoesNotExist' }),
      'nothing can satisfy all that it says about the label team',
    ],
    [
      'selects namespaces that cannot be',
      { namespaceSelectors: [{}, { matchLabels: { 'a b': 'c' } }] },
      'spec.namespaceSelectors[1] matches nothing: no label can have the key "a b"',
    ],
    [
      'selects nodes that cannot be',
      { l2: { nodeSelectors: [{ matchLabels: { 'a b': 'c' } }] } },
      'spec.l2.nodeSelectors[0] matches nothing: no label can have the key "a b"',
    ],
    [
      'names an interface that is longer than any',
      { l2: { interfaces: ['eth0', 'enp0s31f6np0virtual0'] } },
      'spec.l2.interfaces[1] matches nothing: enp0s31f6np0virtual0 is longer than the name of an interface can be',
    ],
  ),
]

/** What is stored, and told by a condition of the pool. */
export const unsoundPools: readonly UnsoundPool[] = [...notReady, ...addressSlips, ...selectorSlips]
