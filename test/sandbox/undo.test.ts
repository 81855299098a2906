import { expect, test } from 'vitest'
import { Undo } from '../../src/sandbox/undo.ts'

test('what has to be undone is undone once and in order, last thing first, however often it is asked for', async () => {
  const undone: string[] = []
  const undo = new Undo()
  undo.defer(() => void undone.push('namespaces'))
  undo.defer(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    undone.push('processes')
  })
  await Promise.all([undo.run(), undo.run()])
  expect(undone).toEqual(['processes', 'namespaces'])
})

test('one step that fails is told, and keeps none of the others from being undone', async () => {
  const undone: string[] = []
  const undo = new Undo()
  undo.defer(() => void undone.push('namespaces'))
  undo.defer(() => Promise.reject(new Error('the process stayed')))
  await expect(undo.run()).rejects.toThrow('could not remove all that was made: the process stayed')
  expect(undone).toEqual(['namespaces'])
})
