import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { takeTurn } from '../../../../src/sandbox/kubernetes/cache/turn.ts'

const nobody = (): void => undefined

describe('a turn', () => {
  it('is given back, and taken by the next', async () => {
    const name = `test/${process.pid}/next`
    const first = await takeTurn(name, nobody)
    const order: string[] = []
    const second = takeTurn(name, () => order.push('waits')).then(async (turn) => {
      order.push('has it')
      await turn[Symbol.asyncDispose]()
    })
    await expect.poll(() => order).toEqual(['waits'])
    await first[Symbol.asyncDispose]()
    await second
    expect(order).toEqual(['waits', 'has it'])
  })

  it('is free when its holder was killed', async () => {
    const name = `test/${process.pid}/killed`
    const listen = `require('net').createServer().listen('\\0lanlord/${name}', () => console.log('has it'))`
    const holder = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    const waits = takeTurn(name, () => holder.kill('SIGKILL'))
    await (await waits)[Symbol.asyncDispose]()
  })

  it('of another name is not waited for', async () => {
    const first = await takeTurn(`test/${process.pid}/one`, nobody)
    const second = await takeTurn(`test/${process.pid}/other`, () => expect.unreachable())
    await Promise.all([first, second].map((turn) => turn[Symbol.asyncDispose]()))
  })
})
