/** Every field of both kinds, with values that are right. */

const selector = {
  matchLabels: { team: 'shop' },
  matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }],
}

const moment = '2025-01-01T00:00:00Z'

const conditions = [
  {
    type: 'Ready',
    status: 'True',
    reason: 'Accepted',
    message: 'its addresses can be given out',
    lastTransitionTime: moment,
    observedGeneration: 1,
  },
]

const use = { total: 6, allocated: 1, retained: 0, quarantined: 0, available: 5 }

export const rightPool = {
  spec: {
    addresses: ['10.9.0.0/29', 'fd00:9::1-fd00:9::9'],
    exclude: ['10.9.0.1'],
    autoAssign: true,
    avoidBuggyIPs: false,
    disabled: false,
    priority: 0,
    namespaces: ['shop'],
    namespaceSelectors: [selector],
    serviceSelectors: [selector],
    quota: { perNamespace: 3 },
    sharing: 'Namespace',
    retain: '30m',
    l2: {
      enabled: true,
      interfaces: ['eth0'],
      nodeSelectors: [selector],
      preferredNodes: [{ weight: 50, selector }],
      rebalance: 'Manual',
      readiness: 'Wait',
    },
  },
  status: {
    ipv4: use,
    ipv6: use,
    waiting: 0,
    remembered: [{ address: '10.9.0.2', service: 'shop/web', freedAt: moment }],
    quarantine: [{ address: '10.9.0.3', mac: '02:00:00:00:00:01', seen: moment }],
    probe: ['10.9.0.4'],
    conditions,
  },
}

export const rightSpeaker = {
  spec: {
    revision: 3,
    addresses: [
      { address: '10.9.0.2', revision: 3, pool: 'lab', services: ['shop/web'], preferredNode: 'node-1' },
    ],
  },
  status: {
    node: 'node-1',
    interfaces: [
      {
        name: 'eth0',
        mac: '02:00:00:00:00:01',
        link: 'Up',
        addresses: ['10.9.0.9/24'],
        gateways: ['10.9.0.254'],
        segment: 'eth0',
      },
    ],
    unusedInterfaces: [
      {
        name: 'docker0',
        mac: '02:00:00:00:00:04',
        link: 'Down',
        addresses: ['172.17.0.1/16'],
        reason: 'MadeByPlugin',
        message: 'Why.',
      },
    ],
    announcing: [
      {
        address: '10.9.0.2',
        interface: 'eth0',
        mac: '02:00:00:00:00:01',
        since: moment,
        cause: 'Elected',
        unproven: false,
      },
    ],
    heldBack: [{ address: '10.9.0.4', since: moment, until: moment, waitsFor: 'Forwarding' }],
    peers: [{ node: 'node-2', interface: 'eth0', since: moment }],
    conflicts: [
      {
        address: '10.9.0.2',
        mac: '02:00:00:00:00:02',
        node: 'node-2',
        interface: 'eth0',
        since: moment,
        insists: false,
      },
    ],
    foreign: [
      { address: '10.9.0.3', mac: '02:00:00:00:00:03', interface: 'eth0', seen: moment, withheld: false },
    ],
    estranged: [
      {
        reason: 'UnknownKey',
        interface: 'eth0',
        node: 'node-3',
        mac: '02:00:00:00:00:04',
        says: 'node-3',
        since: moment,
      },
    ],
    selfTest: [
      {
        address: '10.9.0.4',
        node: 'node-2',
        interface: 'eth0',
        result: 'AnsweredElsewhere',
        others: [{ mac: '02:00:00:00:00:03', node: 'node-3' }],
        since: moment,
      },
    ],
    count: 1,
    peerCount: 1,
    summary: '10.9.0.2',
    kubeProxy: 'Healthy',
    observedRevision: 3,
    conditions,
  },
}
