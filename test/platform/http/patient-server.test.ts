import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { PatientServer } from '../../../src/platform/http/patient-server.ts'

const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** A server on the port, which tells what befalls it. */
function serverOn(port: number) {
  const told: string[] = []
  const server = new PatientServer({
    port,
    readyz: () => [],
    remark: () => ['stands by'],
    onProblem: ({ message }) => told.push(message),
    onRecovery: () => told.push('serves'),
    againAfterMs: 5,
  })
  ends.push(() => server[Symbol.asyncDispose]())
  return { server, told }
}

test('a server on every address answers on both families', async () => {
  const { server, told } = serverOn(0)
  await expect.poll(() => server.port).toBeGreaterThan(0)
  for (const host of ['127.0.0.1', '[::1]']) {
    const response = await fetch(`http://${host}:${server.port}/readyz`)
    expect([response.status, await response.text()]).toEqual([200, 'ok\nstands by\n'])
  }
  expect(told).toEqual([])
})

test('a server whose port is taken says so once, and serves when it is free', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, resolve))
  const { port } = other.address() as AddressInfo
  const { server, told } = serverOn(port)
  await expect.poll(() => told.length).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(told).toEqual([
    `cannot listen on :${port}: another program listens there; end it, or choose another place with --http`,
  ])
  await new Promise((resolve) => other.close(resolve))
  await expect.poll(() => server.port).toBe(port)
  expect(told.at(-1)).toBe('serves')
})

test('a server whose port is taken can be closed', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, resolve))
  ends.push(() => other.close())
  const { server, told } = serverOn((other.address() as AddressInfo).port)
  await expect.poll(() => told.length).toBe(1)
  await server[Symbol.asyncDispose]()
  expect(server.port).toBeUndefined()
})
