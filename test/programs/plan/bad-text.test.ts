import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complaints, read } from './read.ts'

const web = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n'
const levels = 100_000
const fragments = [
  'a',
  ': ',
  '- ',
  '\n',
  '  ',
  '[',
  ']',
  '{',
  '}',
  '&x',
  '*x',
  '!!',
  '|',
  '"',
  "'",
  '#',
  '---',
  '?',
  '<<',
  ',',
  '\t',
  '%',
]

describe('a text that is no manifest', () => {
  it.each([
    ['with a tab', `${web}spec:\n\ttype: LoadBalancer`, '6: Tabs are not allowed as indentation'],
    ['with a key that is there twice', `${web}kind: Service`, '5: Map keys must be unique'],
    ['with a list that does not end', `${web}spec: [1`, '5: Flow sequence in block collection'],
    ['with an alias of nothing', `${web}spec: *x`, '1: Unresolved alias'],
    ['that is empty', '', ' is empty; kubectl get services -A -o yaml writes what can be read'],
    ['that is blank', ' \n\n', ' is empty'],
    ['of comments alone', '# a\n---\n# b\n', ' is empty'],
    ['of brackets alone', '['.repeat(levels), '1: nests too many levels'],
    ['of dashes alone', '- '.repeat(levels), '1: nests too many levels'],
    ['of brackets in brackets', '['.repeat(levels) + ']'.repeat(levels), '1: nests too many levels'],
    ['that holds itself', 'a: &a [*a]', '1: holds itself by an alias; write the values out'],
    [
      'whose aliases grow',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((key, at) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdef'[at]}`).join()}]`).join('\n')}`,
      '1: its aliases make it too large; write the values out',
    ],
    ['with a map for a key', '{ a: 1 }: b', '1: With stringKeys, all keys must be strings'],
  ])('is told in one line: %s', (_, text, complaint) => {
    const said = complaints(text)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(`some.yaml:${complaint}`)
  })

  it.each([
    [
      'a key that is there twice',
      '{\n  "apiVersion": "v1",\n  "kind": "Service",\n  "kind": "Node",\n  "metadata": { "name": "x" }\n}',
      '4: Map keys',
    ],
    ['an end that is missing', '{\n  "apiVersion": "v1",\n  "kind": "Service"\n', '4: Flow map'],
    ['a colon that is missing', '{\n  "apiVersion": "v1",\n  "kind" "Service"\n}', '3: '],
  ])('is told with its line in JSON, too: %s', (_, text, said) => {
    expect(complaints(text, 'all.json')).toEqual([expect.stringContaining(`all.json:${said}`)])
  })

  it('never makes anything but a complaint in one line, whatever it is', () => {
    const pieces = fc.constantFrom(...fragments)
    const text = fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''))
    const property = fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (any) => {
      for (const line of complaints(any)) expect(line).toMatch(/^some\.yaml(:\d+: | is |: )/)
    })
    fc.assert(property, { numRuns: 2_000 })
  })
})

describe('a text that is a manifest all the same', () => {
  it.each([
    ['with the line ends of Windows', web.replaceAll('\n', '\r\n')],
    [
      'with tabs in JSON',
      '{\n\t"apiVersion": "v1",\n\t"kind": "Service",\n\t"metadata": { "name": "web" }\n}',
    ],
    [
      'with a comma too many in JSON',
      '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},}',
    ],
    [
      'with quotes in texts in JSON',
      '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "annotations": {"a\\"": "\\"b\\": {\\\\"}}}',
    ],
    ['with an anchor and its alias', `x: &x web\n${web.replace('name: web', 'name: *x')}`],
    ['with a merge key', `x: &x { name: web }\n${web.replace('  name: web', '  <<: *x')}`],
    ['with the names of booleans as keys', `${web}  labels: { on: a, 1: b }`],
    ['in many documents', `---\n---\n${web}---\n# no more\n`],
  ])('is read %s', (_, text) => {
    expect(complaints(text)).toEqual([])
    expect(read(text).map(({ key }) => key)).toEqual(['Service default/web'])
  })
})
