import { expect, it } from 'vitest'
import { isNodeName } from '../../../src/core/api/node-name.ts'

it('a Node can be named as a DNS subdomain', () => {
  for (const name of ['n', 'node-1', '10.0.0.7', 'node.example.org', 'a'.repeat(253)])
    expect([name, isNodeName(name)]).toEqual([name, true])
})

it('a Node cannot be named otherwise', () => {
  for (const name of [
    '',
    'Node',
    'knüll',
    'a b',
    '-a',
    'a-',
    'a..b',
    '.a',
    'a_b',
    'a/b',
    'a\n',
    'a'.repeat(254),
  ])
    expect([name, isNodeName(name)]).toEqual([name, false])
})
