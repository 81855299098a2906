export const coreMessages = `
Namespace
1 metadata ObjectMeta | What every object has.
2 spec NamespaceSpec | What the namespace shall be.
3 status NamespaceStatus | What was found.

NamespaceSpec
1 finalizers []string | Who empties the namespace before it goes.

NamespaceStatus
1 phase string | Active or Terminating.
2 conditions []Condition key=type

ConfigMap
1 metadata ObjectMeta | What every object has.
2 data map string | Texts by name.
3 binaryData map bytes | Bytes by name, in base64.
4 immutable bool? | Whether the data cannot be changed any more.

Secret
1 metadata ObjectMeta | What every object has.
2 data map bytes | Bytes by name, in base64.
4 stringData map string | Texts by name, added to data on writing and never read back.
3 type string | What the secret is for. Opaque by default.
5 immutable bool? | Whether the data cannot be changed any more.

ServiceAccount
1 metadata ObjectMeta | What every object has.
2 secrets []ObjectReference key=name
3 imagePullSecrets []LocalObjectReference key=name
4 automountServiceAccountToken bool?

Endpoints open
1 metadata ObjectMeta | What every object has.
2 subsets []EndpointSubset

EndpointSubset open
1 addresses []EndpointAddress
2 notReadyAddresses []EndpointAddress
3 ports []EndpointsPort

EndpointAddress open
1 ip string!
3 hostname string
4 nodeName string?
2 targetRef ObjectReference?

EndpointsPort open
1 name string
2 port int32!
3 protocol string

Node
1 metadata ObjectMeta | What every object has.
2 spec NodeSpec | What the node shall be.
3 status NodeStatus | What its kubelet says.

NodeSpec open
1 podCIDR string | The range of its Pods' addresses.
7 podCIDRs []string set | The ranges of its Pods' addresses, one for each family.
3 providerID string
4 unschedulable bool | Whether new Pods are kept away (kubectl cordon).
5 taints []Taint

Taint
1 key string!
2 value string
3 effect string!
4 timeAdded time?

NodeStatus open
1 capacity map quantity
2 allocatable map quantity
4 conditions []NodeCondition key=type
5 addresses []NodeAddress key=type

NodeCondition open
1 type string!
2 status string!
3 lastHeartbeatTime time
4 lastTransitionTime time
5 reason string
6 message string

NodeAddress
1 type string!
2 address string!

Binding open
1 metadata ObjectMeta
2 target ObjectReference!

Eviction open
1 metadata ObjectMeta
2 deleteOptions DeleteOptions?
`
