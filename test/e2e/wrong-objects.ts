/** An object that no API server should store: what is wrong with it, its spec, and what the refusal must say. */
export interface WrongObject {
  readonly wrong: string
  readonly spec: unknown
  /** The field and the value, as the refusal names them. */
  readonly words: RegExp
}

const fine = { addresses: ['10.0.0.1'] }
const placed = { address: '10.0.0.1', revision: 1, pool: 'lab', services: ['default/web'] }

/** Twenty ways to write an AddressPool wrongly. */
export const wrongPools: readonly WrongObject[] = [
  { wrong: 'has no spec', spec: undefined, words: /spec: Required value/ },
  { wrong: 'lists no addresses', spec: {}, words: /spec\.addresses: Required value/ },
  { wrong: 'has an empty list', spec: { addresses: [] }, words: /spec\.addresses.*at least 1 item/ },
  {
    wrong: 'has a letter in an address',
    spec: { addresses: ['192.168.10.2oo'] },
    words: /"192\.168\.10\.2oo"/,
  },
  { wrong: 'has an octet above 255', spec: { addresses: ['10.0.0.256'] }, words: /"10\.0\.0\.256"/ },
  {
    wrong: 'has a prefix that is too long',
    spec: { addresses: ['10.0.0.0/33'] },
    words: /"10\.0\.0\.0\/33"/,
  },
  {
    wrong: 'has bits behind its prefix',
    spec: { addresses: ['10.0.0.7/29'] },
    words: /"10\.0\.0\.7\/29".* has bits set behind its prefix; write .*10\.0\.0\.7/,
  },
  {
    wrong: 'has a range that ends before it begins',
    spec: { addresses: ['10.0.0.9-10.0.0.1'] },
    words: /"10\.0\.0\.9-10\.0\.0\.1".* ends before it begins; write 10\.0\.0\.1-10\.0\.0\.9/,
  },
  {
    wrong: 'has a range of two families',
    spec: { addresses: ['10.0.0.1-fd00::1'] },
    words: /"10\.0\.0\.1-fd00::1".* write one range for each family/,
  },
  { wrong: 'has a zone', spec: { addresses: ['fe80::1%eth0'] }, words: /"fe80::1%eth0".* has a zone/ },
  {
    wrong: 'has an IPv4 address mapped into IPv6',
    spec: { addresses: ['::ffff:10.0.0.1'] },
    words: /"::ffff:10\.0\.0\.1".* is an IPv4 address mapped into IPv6/,
  },
  {
    wrong: 'has a number for an address',
    spec: { addresses: [10] },
    words: /spec\.addresses\[0\].*"integer"/,
  },
  {
    wrong: 'excludes what is no address',
    spec: { ...fine, exclude: ['10.0.0.1', 'gateway'] },
    words: /spec\.exclude\[1\].*"gateway"/,
  },
  {
    wrong: 'names a namespace that cannot be',
    spec: { ...fine, namespaces: ['Shop'] },
    words: /spec\.namespaces\[0\].*"Shop".* is not the name of a namespace/,
  },
  {
    wrong: 'keeps addresses for a length of time that is none',
    spec: { ...fine, retain: '1d' },
    words: /spec\.retain.*"1d".* is not a duration/,
  },
  {
    wrong: 'has a quota of nothing',
    spec: { ...fine, quota: { perNamespace: 0 } },
    words: /spec\.quota\.perNamespace: Invalid value: 0/,
  },
  {
    wrong: 'has a priority beyond all bounds',
    spec: { ...fine, priority: 1000001 },
    words: /spec\.priority: Invalid value: 1000001/,
  },
  {
    wrong: 'rebalances in a way that there is not',
    spec: { ...fine, l2: { rebalance: 'Always' } },
    words: /spec\.l2\.rebalance: Unsupported value: "Always": supported values: "Manual", "Auto"/,
  },
  {
    wrong: 'writes two interfaces into one entry',
    spec: { ...fine, l2: { interfaces: ['eth0, eth1'] } },
    words: /spec\.l2\.interfaces\[0\].*"eth0, eth1".* is not an interface name/,
  },
  {
    wrong: 'has a field that there is not',
    spec: { ...fine, autoassign: true },
    words: /unknown field "spec\.autoassign"/,
  },
]

/** Twenty ways to write a Speaker wrongly. */
export const wrongSpeakers: readonly WrongObject[] = [
  { wrong: 'has words for a spec', spec: 'all', words: /spec: Invalid value: "string"/ },
  { wrong: 'has a revision below 0', spec: { revision: -1 }, words: /spec\.revision: Invalid value: -1/ },
  {
    wrong: 'has half a revision',
    spec: { revision: 1.5 },
    words: /spec\.revision: Invalid value: "(float64|number)"/,
  },
  {
    wrong: 'has a word for a revision',
    spec: { revision: 'one' },
    words: /spec\.revision: Invalid value: "string"/,
  },
  {
    wrong: 'has a revision that no heartbeat can carry',
    spec: { revision: 2 ** 48 },
    words: /spec\.revision: Invalid value: 281474976710656/,
  },
  {
    wrong: 'has one address instead of a list',
    spec: { addresses: '10.0.0.1' },
    words: /spec\.addresses: Invalid value: "string"/,
  },
  {
    wrong: 'has a bare address',
    spec: { addresses: ['10.0.0.1'] },
    words: /spec\.addresses\[0\]: Invalid value: "string"/,
  },
  {
    wrong: 'has an address without a pool',
    spec: { addresses: [{ ...placed, pool: undefined }] },
    words: /addresses\[0\]\.pool: Required value/,
  },
  {
    wrong: 'has a place without an address',
    spec: { addresses: [{ ...placed, address: undefined }] },
    words: /addresses\[0\]\.address: Required value/,
  },
  {
    wrong: 'has an address without a revision',
    spec: { addresses: [{ ...placed, revision: undefined }] },
    words: /addresses\[0\]\.revision: Required value/,
  },
  {
    wrong: 'has an address without Services',
    spec: { addresses: [{ ...placed, services: undefined }] },
    words: /addresses\[0\]\.services: Required value/,
  },
  {
    wrong: 'has an address of one letter',
    spec: { addresses: [{ ...placed, address: '1' }] },
    words: /addresses\[0\]\.address: Invalid value: "1"/,
  },
  {
    wrong: 'has an address that is longer than any',
    spec: { addresses: [{ ...placed, address: '1'.repeat(46) }] },
    words: /addresses\[0\]\.address: Too long: may not be more than 45/,
  },
  {
    wrong: 'has a number for an address',
    spec: { addresses: [{ ...placed, address: 10 }] },
    words: /addresses\[0\]\.address: Invalid value: "integer"/,
  },
  {
    wrong: 'has an address of a revision below 0',
    spec: { addresses: [{ ...placed, revision: -7 }] },
    words: /addresses\[0\]\.revision: Invalid value: -7/,
  },
  {
    wrong: 'has an address of a revision that no heartbeat can carry',
    spec: { addresses: [{ ...placed, revision: 2 ** 48 }] },
    words: /addresses\[0\]\.revision: Invalid value: 281474976710656/,
  },
  {
    wrong: 'has a pool with too long a name',
    spec: { addresses: [{ ...placed, pool: 'p'.repeat(254) }] },
    words: /addresses\[0\]\.pool: Too long: may not be more than 253/,
  },
  {
    wrong: 'has one Service instead of a list',
    spec: { addresses: [{ ...placed, services: 'default/web' }] },
    words: /addresses\[0\]\.services: Invalid value: "string"/,
  },
  {
    wrong: 'has a Service that is no text',
    spec: { addresses: [{ ...placed, services: [80] }] },
    words: /addresses\[0\]\.services\[0\]: Invalid value: "integer"/,
  },
  {
    wrong: 'has a field that there is not',
    spec: { adresses: [placed] },
    words: /unknown field "spec\.adresses"/,
  },
]
