export const groupMessages = `
Lease
1 metadata ObjectMeta | What every object has.
2 spec LeaseSpec | Who holds it.

LeaseSpec
1 holderIdentity string? | Who holds the lease.
2 leaseDurationSeconds int32? | How long others wait after renewTime before they take it.
3 acquireTime microTime? | When it was acquired.
4 renewTime microTime? | When it was last renewed.
5 leaseTransitions int32? | How often it changed hands.
6 strategy string? go=CoordinatedLeaseStrategy
7 preferredHolder string?

EndpointSlice
1 metadata ObjectMeta | What every object has.
4 addressType string! go=AddressType | IPv4, IPv6 or FQDN.
2 endpoints []Endpoint! | The endpoints.
3 ports []EndpointPort! | The ports of each endpoint.

Endpoint
1 addresses []string! set | The addresses of this endpoint.
2 conditions EndpointConditions | How it does.
3 hostname string?
4 targetRef ObjectReference? | The Pod that it is.
5 deprecatedTopology map string
6 nodeName string? | The node that it is on.
7 zone string?
8 hints EndpointHints?

EndpointConditions
1 ready bool? | Whether it takes traffic.
2 serving bool? | Whether it could take traffic, also while it ends.
3 terminating bool? | Whether it ends.

EndpointHints
1 forZones []ForZone
2 forNodes []ForNode

ForZone
1 name string!

ForNode
1 name string!

EndpointPort atomic
1 name string? | The name of the port.
2 protocol string? go=Protocol | TCP, UDP or SCTP.
3 port int32? | The port.
4 appProtocol string?
`
