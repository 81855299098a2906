export const podStatusMessages = `
PodStatus
17 observedGeneration int64
1 phase string go=PodPhase | Pending, Running, Succeeded, Failed or Unknown.
2 conditions []PodCondition key=type
3 message string
4 reason string
11 nominatedNodeName string
5 hostIP string
16 hostIPs []HostIP key=ip atomic
6 podIP string | Its address.
12 podIPs []PodIP key=ip
7 startTime time?
10 initContainerStatuses []ContainerStatus
8 containerStatuses []ContainerStatus
9 qosClass string go=PodQOSClass
13 ephemeralContainerStatuses []ContainerStatus
14 resize string go=PodResizeStatus
15 resourceClaimStatuses []Anything key=name retainKeys
18 extendedResourceClaimStatus Anything?
19 allocatedResources map quantity
20 resources ResourceRequirements?
21 nodeAllocatableResourceClaimStatuses []Anything

PodCondition
1 type string! go=PodConditionType
7 observedGeneration int64
2 status string! go=ConditionStatus
3 lastProbeTime time always
4 lastTransitionTime time always
5 reason string
6 message string

PodIP
1 ip string!

HostIP
1 ip string!

ContainerStatus
1 name string!
2 state ContainerState
3 lastState ContainerState
4 ready bool!
5 restartCount int32!
6 image string!
7 imageID string!
8 containerID string
9 started bool?
10 allocatedResources map quantity
11 resources ResourceRequirements?
12 volumeMounts []Anything key=mountPath
13 user Anything?
14 allocatedResourcesStatus []Anything key=name
15 stopSignal string? go=Signal

ContainerState
1 waiting ContainerStateWaiting?
2 running ContainerStateRunning?
3 terminated ContainerStateTerminated?

ContainerStateWaiting
1 reason string
2 message string

ContainerStateRunning
1 startedAt time always

ContainerStateTerminated
1 exitCode int32!
2 signal int32
3 reason string
4 message string
5 startedAt time always
6 finishedAt time always
7 containerID string
`
