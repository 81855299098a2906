import { expect, test } from 'vitest'
import { unusedWords } from '../../../src/core/election/unused-interface.ts'

test.each([
  [{ reason: 'NoArp' }, [], 'It has no ARP, so nobody asks for an address there.'],
  [{ reason: 'NotEthernet' }, [], 'It is no Ethernet interface.'],
  [{ reason: 'HasMaster', master: 'bond0' }, [], 'It is a port of bond0, which speaks in its place.'],
  [{ reason: 'HasMaster' }, [], 'It is a port of another interface, which speaks in its place.'],
  [
    { reason: 'MadeByPlugin' },
    [],
    'Its name is one that network plugins give; to use it all the same, list it with all others that are to be used in speaker.interfaces of the chart.',
  ],
  [
    { reason: 'NotChosen' },
    ['eth1', 'bond*'],
    'It is not among those that speaker.interfaces of the chart chooses (eth1, bond*); add it there to use it.',
  ],
] as const)('why an interface is not used is said in words: %j', (facts, globs, words) => {
  expect(unusedWords(facts, globs)).toBe(words)
})
