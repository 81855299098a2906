/** What one entry of `spec.addresses` may look like, and the words with which each of the two judges refuses it. */
export interface EntryRow {
  readonly text: string
  /** What our own schema says; absent where the entry is fine. */
  readonly problem?: string
  /** What the API server says; absent where it lets the entry pass. */
  readonly rule?: string
}

const notReadable = 'is not an address, a CIDR or a range'
const mapped = 'is an IPv4 address mapped into IPv6'
const zone = 'has a zone'
const hostBits = 'has bits set behind its prefix'
const foreign = 'has a character that no address has; write plain digits'
const families = 'begins and ends in different families'
const reversed = 'ends before it begins'

const accepted = [
  '192.168.9.7',
  ' 192.168.9.7 ',
  '192.168.10.0/24',
  '192.168.10.0 / 24',
  ' 10.0.5.0/28 ',
  '192.168.9.7/32',
  '0.0.0.0/0',
  '255.255.255.255',
  '192.168.10.200-192.168.10.250',
  ' 192.168.10.200 - 192.168.10.250 ',
  '10.0.0.9-10.0.0.9',
  '10.0.0.255-10.0.1.0',
  '9.255.255.255-10.0.0.0',
  '0.0.0.0-255.255.255.255',
  '99.0.0.0-100.0.0.0',
  'fd00:10::/120',
  'FD00:10:0::1',
  '::/0',
  '::1',
  'fd00::1-fd00::3',
  'fd00::9-FD00::A',
  'fd00::ffff-fd00::1:0',
  '1::-1::1',
  '::ffff:0:c0a8:1',
  '10.0.0.1\n',
  '\t10.0.0.1 - 10.0.0.9\r\n',
]

const refused: readonly (readonly [text: string, problem: string, rule: string | undefined])[] = [
  ['', 'an address is missing', notReadable],
  [' ', 'an address is missing', notReadable],
  ['lan', 'is not an IP address', notReadable],
  ['10.0.0.256', 'is not an IP address', notReadable],
  ['10.0.0', 'is not an IP address', notReadable],
  ['10.0.0.01', 'has leading zeros; write 10.0.0.1', notReadable],
  ['0x0a.0.0.1', 'is not an IP address', notReadable],
  ['10.0. 0.1', 'is not an IP address', notReadable],
  ['10.0.0.1,10.0.0.2', 'is not an IP address', notReadable],
  ['fd00::1::2', 'is not an IP address', notReadable],
  ['fd00:12345::1', 'is not an IP address', notReadable],
  ['[fd00::1]', 'is not an IP address', notReadable],
  ['::192.168.10.1', 'is not an IP address', notReadable],
  ['64:ff9b::192.168.10.1', 'is not an IP address', notReadable],
  ['10.0.0.0/33', 'write a number from 0 to 32', notReadable],
  ['10.0.0.0/', 'has no usable prefix length', notReadable],
  ['10.0.0.0/024', 'has no usable prefix length', notReadable],
  ['10.0.0.0/+24', 'has no usable prefix length', notReadable],
  ['10.0.0.0/-1', 'has no usable prefix length', notReadable],
  ['10.0.0.0/24/24', 'has no usable prefix length', notReadable],
  ['10.0.0.0/255.255.255.0', 'has no usable prefix length', notReadable],
  ['fd00::/129', 'write a number from 0 to 128', notReadable],
  ['/24', 'an address is missing', notReadable],
  ['::10.0.0.0/120', 'is not an IP address', notReadable],
  ['10.0.0.1-', 'is not a range', notReadable],
  ['-10.0.0.1', 'is not a range', notReadable],
  ['-', 'is not a range', notReadable],
  ['10.0.0.1-10.0.0.2-10.0.0.3', 'is not a range', notReadable],
  ['10.0.0.1-9', 'is not an IP address', notReadable],
  ['10.0.0.0/28-10.0.0.9', 'has no usable prefix length', notReadable],
  ['10.0.0.1-10.0.0.0/28', 'is not an IP address', notReadable],
  ['10.0.0.1-::10.0.0.9', 'is not an IP address', notReadable],
  ['fe80::1%eth0', 'has a zone; write it without "%eth0"', zone],
  ['fe80::1%eth0/64', 'has a zone', zone],
  ['fe80::1-fe80::9%eth0', 'has a zone', zone],
  ['::ffff:10.0.0.1', 'is an IPv4 address mapped into IPv6; write 10.0.0.1', mapped],
  [' ::FFFF:10.0.0.1 ', 'is an IPv4 address mapped into IPv6; write 10.0.0.1', mapped],
  ['::ffff:c0a8:1', 'is not an IP address', notReadable],
  ['::ffff:c0a8:0/112', 'is not an IP address', notReadable],
  ['10.0.0.7/29', 'write 10.0.0.0/29 for the whole network or 10.0.0.7 for the one address', hostBits],
  ['fd00::1/64', 'write fd00::/64 for the whole network or fd00::1 for the one address', hostBits],
  ['fd00::1 / 64', 'has bits set behind its prefix', hostBits],
  ['10.0.0.1-fd00::1', 'write one range for each family', families],
  ['fd00::1-10.0.0.1', 'write one range for each family', families],
  ['10.0.0.9-10.0.0.1', 'ends before it begins; write 10.0.0.1-10.0.0.9', reversed],
  ['10.0.0.10 - 10.0.0.9', 'ends before it begins; write 10.0.0.9-10.0.0.10', reversed],
  ['10.0.1.0-10.0.0.255', 'ends before it begins', reversed],
  ['192.168.0.0-10.255.255.255', 'ends before it begins', reversed],
  ['１０.0.0.1', 'has a character that no address has', foreign],
  ['١٠.0.0.1', 'has a character that no address has', foreign],
  ['10。0。0。1', 'has a character that no address has', foreign],
  ['10.0.0.1–10.0.0.9', 'has a character that no address has', foreign],
  ['10.0.0.0⁄24', 'has a character that no address has', foreign],
  ['fd00::а', 'has a character that no address has', foreign],
  ['fd00：：1', 'has a character that no address has', foreign],
  ['10.0.0.1\u0000', 'has a character that no address has', foreign],
  ['10.0.0.1\u00A0', 'has a character that no address has', foreign],
  ['\uFEFF10.0.0.1', 'has a character that no address has', foreign],
  ['10.0.0.1\u200B', 'has a character that no address has', foreign],
  ['10.0.0.1\u0085', 'has a character that no address has', foreign],
  ['10.0.0.1\v', 'has a character that no address has', foreign],
  ['10.0.0.1😀', 'has a character that no address has', foreign],
  ['fe80::1%étage', 'has a zone; write it without "%étage"', zone],
  ['010.000.000.001', 'has leading zeros; write 10.0.0.1', notReadable],
  ['167772161', 'is not an IP address', notReadable],
  ['10.1', 'is not an IP address', notReadable],
  ['10.0.0.1.', 'is not an IP address', notReadable],
  ['10..0.1', 'is not an IP address', notReadable],
  ['1e1.0.0.1', 'is not an IP address', notReadable],
  ['-10.0.0.1-10.0.0.9', 'is not a range', notReadable],
  ['10.0.0.99999999999999999999', 'is not an IP address', notReadable],
  ['10.0.0.0/99999999999999999999', 'write a number from 0 to 32', notReadable],
  ['10.0.0.0/2 4', 'has no usable prefix length', notReadable],
  ['10.0.0.0/2.4e1', 'has no usable prefix length', notReadable],
  ['fd00:::1', 'is not an IP address', notReadable],
  ['fd00::g', 'is not an IP address', notReadable],
  ['fd00:0:0:0:0:0:0:0:1', 'is not an IP address', notReadable],
  ['lan.example.org', 'is not an IP address', notReadable],
  ['http://10.0.0.1', 'is not an IP address', notReadable],
  ['null', 'is not an IP address', notReadable],
  ['10.0.0.1..10.0.0.9', 'is not an IP address', notReadable],
  ['10.0.0.1 10.0.0.2', 'is not an IP address', notReadable],
  ['10.0.0.*', 'is not an IP address', notReadable],
  // the one thing that only we can see: CEL in Kubernetes cannot order 128 bits
  ['fd00::3-fd00::1', 'ends before it begins; write fd00::1-fd00::3', undefined],
  ['1::-fd00::1 - x', 'is not a range', notReadable],
]

/** Every entry that we have something to say about, with the verdict of both judges. */
export const entryRows: readonly EntryRow[] = [
  ...accepted.map((text) => ({ text })),
  ...refused.map(([text, problem, rule]) =>
    rule === undefined ? { text, problem } : { text, problem, rule },
  ),
]
