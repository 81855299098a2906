export const nodeMessages = `
Node
1 metadata ObjectMeta | What every object has.
2 spec NodeSpec | What the node shall be.
3 status NodeStatus | What its kubelet says.

NodeSpec
1 podCIDR string | The range of its Pods' addresses.
7 podCIDRs []string set | The ranges of its Pods' addresses, one for each family.
3 providerID string
4 unschedulable bool | Whether new Pods are kept away (kubectl cordon).
5 taints []Taint
6 configSource Anything?
2 externalID string

Taint
1 key string!
2 value string
3 effect string! go=TaintEffect
4 timeAdded time?

NodeStatus
1 capacity map quantity
2 allocatable map quantity
3 phase string go=NodePhase
4 conditions []NodeCondition key=type
5 addresses []NodeAddress key=type
6 daemonEndpoints NodeDaemonEndpoints
7 nodeInfo NodeSystemInfo
8 images []ContainerImage
9 volumesInUse []string go=UniqueVolumeName
10 volumesAttached []Anything
11 config Anything?
12 runtimeHandlers []NodeRuntimeHandler
13 features NodeFeatures?
14 declaredFeatures []string

NodeCondition
1 type string! go=NodeConditionType
2 status string! go=ConditionStatus
3 lastHeartbeatTime time always
4 lastTransitionTime time always
5 reason string
6 message string

NodeAddress
1 type string! go=NodeAddressType
2 address string!

NodeDaemonEndpoints
1 kubeletEndpoint DaemonEndpoint

DaemonEndpoint
1 Port int32!

NodeSystemInfo
1 machineID string!
2 systemUUID string!
3 bootID string!
4 kernelVersion string!
5 osImage string!
6 containerRuntimeVersion string!
7 kubeletVersion string!
8 kubeProxyVersion string!
9 operatingSystem string!
10 architecture string!
11 swap Anything?

ContainerImage
1 names []string!
2 sizeBytes int64

NodeRuntimeHandler
1 name string!
2 features NodeRuntimeHandlerFeatures?

NodeRuntimeHandlerFeatures
1 recursiveReadOnlyMounts bool?
2 userNamespaces bool?

NodeFeatures
1 supplementalGroupsPolicy bool?
`
