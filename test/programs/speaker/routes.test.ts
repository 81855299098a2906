import { afterEach, expect, test } from 'vitest'
import { describeOnLinks, inNamespace, ip } from '../../support/namespaces.ts'
import { apiPort, clusterWithOneService, newDirectory, SpeakerProcess, statusIn } from './speaker-process.ts'
import { openUntilTheEnd, until } from './wire-harness.ts'

const { open, lanOfThree } = openUntilTheEnd(afterEach)

describeOnLinks('the status of a Speaker', () => {
  test('names the routers behind an interface, and others once the node has others', async () => {
    const { one } = lanOfThree()
    ip('-n', one.namespace, 'route', 'add', 'default', 'via', '10.88.0.254')
    const api = open(clusterWithOneService())
    inNamespace(one, () => api.listen(apiPort))
    const { path } = open(newDirectory())
    open(new SpeakerProcess('one', one, path))
    await until('it names the router', () => statusIn(api).interfaces?.length === 1)
    expect(statusIn(api).interfaces).toMatchObject([{ name: 'eth0', gateways: ['10.88.0.254'] }])
    ip('-n', one.namespace, 'route', 'replace', 'default', 'via', '10.88.0.253')
    // Interfaces that change are a reason to look again before it is time.
    ip('-n', one.namespace, 'address', 'add', '10.99.0.1/24', 'dev', 'eth0')
    await until('it names the other router', () => {
      return JSON.stringify(statusIn(api).interfaces).includes('["10.88.0.253"]')
    })
    ip('-n', one.namespace, 'route', 'del', 'default')
    ip('-n', one.namespace, 'address', 'del', '10.99.0.1/24', 'dev', 'eth0')
    await until('it names none', () => !JSON.stringify(statusIn(api).interfaces).includes('gateways'))
  })
})
